import type { Logger } from './logging.ts'

export interface Closable {
  close(): Promise<void>
}

/** What takes part in ending the process: everything is let go of, or given up after a while. */
export interface Life {
  /** Resolves when the process is to end and everything was closed, with the exit status. */
  readonly over: Promise<number>
}

/** What operators wait before they kill, less a little. */
const DEADLINE_MS = 9_000
const signals = ['SIGTERM', 'SIGINT'] as const

/**
 * Closes on the first signal and gives up after a deadline; the second signal ends the process at once. What nobody has caught is logged
 * and ends it, too: nobody knows any longer what state it is in.
 */
export function liveUntilSignal(running: Closable, log: Logger, deadlineMs = DEADLINE_MS): Life {
  async function end(resolve: (status: number) => void): Promise<void> {
    const late = setTimeout(() => {
      log.error({ seconds: deadlineMs / 1_000 }, 'Not everything was finished in time')
      resolve(1)
    }, deadlineMs)
    try {
      await running.close()
      log.info('Ended')
      resolve(0)
    } catch (error) {
      log.error({ err: error }, 'Closing failed')
      resolve(1)
    } finally {
      clearTimeout(late)
    }
  }

  const over = new Promise<number>((resolve) => {
    let isEnding = false
    for (const signal of signals)
      process.on(signal, () => {
        if (isEnding) process.exit(signal === 'SIGINT' ? 130 : 143)
        isEnding = true
        log.info({ signal }, 'Ending: no new work, and what is under way is finished')
        void end(resolve)
      })
  })
  return { over }
}

/** A defect that nobody caught: told, then the end. */
export function dieOfDefects(log: Logger): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, event === 'uncaughtException' ? 'A defect that nobody caught' : 'A promise failed and nobody noticed')
      process.exit(1)
    })
}
