import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { atExit, freePort, tempFolder } from './places.ts'
import { eventually } from './waiting.ts'

export interface Service extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string
  readonly port: number
  readonly pid: number
  /** The working folder, in which `data/` lies. */
  readonly folder: string
  /** Everything it has written so far, both streams. */
  logs(): string
  /** Resolves with the exit code, or with the name of the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  /** Sends the signal at once and resolves when the process is gone; for `SIGSTOP` and `SIGCONT`, when it is sent. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Asks it to leave as an operator would (`SIGTERM`), and removes its folder unless the caller gave it. */
  stop(): Promise<void>
}

export interface ServiceOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  /** To start again where another process stopped. */
  readonly folder?: string
  readonly port?: number
  readonly args?: readonly string[]
  /** Another program than the built one. */
  readonly program?: string
  /** What to wait for before the promise resolves; `null` waits for nothing. */
  readonly readyAt?: string | null
}

const cli = fileURLToPath(new URL('../../dist/main/cli.js', import.meta.url))

/** The built program as a process of its own, ready to serve. Of this process's settings only `PATH` reaches it; rate limits are off unless `env` says so. */
export async function startService({ env = {}, readyAt = '/readyz', args = ['serve'], ...given }: ServiceOptions = {}): Promise<Service> {
  if (!existsSync(cli)) throw new Error('dist/ is missing: `npm run build` first.')
  const own = given.folder === undefined ? await tempFolder('windi-chat-service') : undefined
  const folder = given.folder ?? own!.path
  const port = given.port ?? (await freePort())
  const url = `http://127.0.0.1:${port}`

  let log = ''
  const child = spawn(process.execPath, [given.program ?? cli, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, HOST: '127.0.0.1', PORT: String(port), RATE_LIMITS: 'off', METRICS_LISTEN: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => void (log += text))
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals)
  const forget = atExit(() => child.kill('SIGKILL'))
  const isGone = () => child.exitCode !== null || child.signalCode !== null

  async function kill(signal: NodeJS.Signals = 'SIGKILL') {
    child.kill(signal)
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await ended
  }
  async function stop() {
    if (!isGone()) await kill('SIGTERM')
    forget()
    await own?.remove()
  }

  const service = { url, port, pid: child.pid!, folder, logs: () => log, ended, kill, stop, [Symbol.asyncDispose]: stop }
  if (readyAt === null) return service
  const ready = eventually(
    async () => {
      if (isGone()) return
      const { status } = await fetch(url + readyAt)
      if (status !== 200) throw new Error(`${readyAt} answers ${status}`)
    },
    { timeoutMs: 20_000, everyMs: 25 },
  )
  const failure = await ready.then(
    () => (isGone() ? `it ended with ${child.exitCode ?? child.signalCode}` : undefined),
    (error: unknown) => String(error),
  )
  if (failure === undefined) return service
  if (!isGone()) await kill()
  await stop()
  throw new Error(`The service did not become ready: ${failure}\n${log}`)
}
