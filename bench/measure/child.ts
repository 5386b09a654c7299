import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { atExit } from '../../test/support/places.ts'

/** A process that does what it is asked, one answer for each question. */
export interface Child {
  ask<T = unknown>(command: string, argument?: unknown): Promise<T>
  stop(): Promise<void>
}

export interface ChildOptions {
  /** A folder for a CPU profile of the whole life of the process. */
  readonly profile?: string | undefined
}

interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: string
}

/** Starts `bench/<script>`. Processor time is counted by process, so whatever is measured lives in one of its own. */
export function startChild(script: string, { profile }: ChildOptions = {}): Child {
  const execArgv = ['--expose-gc', ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`])]
  const child = fork(fileURLToPath(new URL(`../${script}`, import.meta.url)), { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const forget = atExit(() => child.kill('SIGKILL'))
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let count = 0
  child.on('message', ({ id, result, error }: Answer) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asked?.resolve(result)
    else asked?.reject(new Error(`${script}: ${error}`))
  })
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${script} ended with ${code}`))
  })
  return {
    ask<T>(command: string, argument?: unknown) {
      if (!child.connected) return Promise.reject(new Error(`${script} has ended`))
      const asked = Promise.withResolvers<unknown>()
      waiting.set(++count, asked)
      child.send({ id: count, command, argument })
      return asked.promise as Promise<T>
    },
    async stop() {
      await end(child)
      forget()
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const over = once(child, 'exit')
  child.disconnect()
  await over
}

type Handlers = Readonly<Record<string, (argument: never) => unknown>>

/** The other end: answers by name, and leaves when nobody asks any more. */
export function answering(handlers: Handlers): void {
  const all: Handlers = {
    ...handlers,
    cpu: () => process.cpuUsage(),

    memory,
  }
  const reply = (answer: Answer) => process.connected && process.send!(answer)
  process.on('message', async ({ id, command, argument }: { id: number; command: string; argument: never }) => {
    try {
      reply({ id, result: await all[command]!(argument) })
    } catch (error) {
      reply({ id, error: (error as Error).stack ?? String(error) })
    }
  })
  process.on('disconnect', () => process.exit())
}

/** What is held after the garbage was collected. */
async function memory(): Promise<{ rss: number; heap: number }> {
  for (let i = 0; i < 6; i++) {
    globalThis.gc!({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rss, heap: heapUsed + external }
}
