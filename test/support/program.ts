import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { atExit } from './places.ts'

export interface Program {
  /** Shuts it down for good. */
  stop(): Promise<void>
  /** `kill -9`. */
  kill(): Promise<void>
  restart(): Promise<void>
}

export interface ProgramOptions {
  /** Any of them will do. */
  readonly names: readonly string[]
  readonly args: readonly string[]
  /** What it writes when it is ready; one that writes nothing has to be asked. */
  readonly says?: string
  readonly started?: () => Promise<void>
}

/** A server of one's own, from the PATH; rejects with what it wrote if it does not start. */
export async function startProgram({ names, args, says, started }: ProgramOptions): Promise<Program> {
  const program = names.map(onPath).find(Boolean)
  if (!program) throw new Error(`These tests need ${names.join(' or ')} on the PATH.`)
  let server: ChildProcess | undefined

  async function start() {
    const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let log = ''
    await new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          log = (log + text).slice(-10_000)
          if (says !== undefined && log.includes(says)) resolve()
        })
      if (says === undefined) child.once('spawn', resolve)
      child.once('error', reject).once('exit', () => reject(new Error(`${program} did not start:\n${log}`)))
    })
    server = child
    await started?.()
  }

  async function end(signal: NodeJS.Signals) {
    const child = server
    server = undefined
    if (child) await ended(child, signal)
  }

  const forget = atExit(() => server?.kill('SIGKILL'))
  await start()
  return {
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGKILL')
      await start()
    },
    async stop() {
      await end('SIGTERM')
      forget()
    },
  }
}

/** Ends a process and waits for its end, if it has not ended by itself. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

export function onPath(program: string): string | undefined {
  const candidates = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'].map((folder) => join(folder, program))
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
