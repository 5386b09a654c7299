import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createClient } from 'redis'
import { atExit, freePort, tempFolder } from './places.ts'
import { eventually } from './waiting.ts'

export interface Redis {
  readonly url: string
  /** Shuts it down for good. A server that was running before is left alone. */
  stop(): Promise<void>
  /** `kill -9`. */
  kill(): Promise<void>
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>
}

type Slots = readonly [first: number, last: number]
const SLOTS = 16_384

/**
 * A Redis (or Valkey) of one's own on a free port that keeps nothing. `TEST_REDIS_URL` names a running one to use instead; what is in a
 * cluster is always our own: it has the slots from the first to the last.
 */
export async function startRedis({ slots, beside }: { slots?: Slots; beside?: string } = {}): Promise<Redis> {
  const running = process.env.TEST_REDIS_URL
  if (running && !slots) return borrowed(running)
  const program = onPath('redis-server') ?? onPath('valkey-server')
  if (!program) throw new Error('These tests need Redis: put redis-server or valkey-server on the PATH, or set TEST_REDIS_URL.')

  const folder = await tempFolder('windi-chat-redis')
  let port = await freePort()
  // In a cluster the port that is higher by 10,000 is used as well.
  while (slots && port > 55_535) port = await freePort()
  const args = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder.path].map(String)
  if (slots) args.push('--cluster-enabled', 'yes')
  let server: ChildProcess | undefined

  async function start() {
    const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    let log = ''
    await new Promise<void>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-10_000)
        if (log.includes('eady to accept connections')) resolve()
      })
      child.once('error', reject).once('exit', () => reject(new Error(`Redis did not start:\n${log}`)))
    })
    server = child
    if (slots) await joinCluster(port, slots, beside)
  }

  async function end(signal: NodeJS.Signals) {
    const child = server
    server = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }

  const forget = atExit(() => server?.kill('SIGKILL'))
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGKILL')
      await start()
    },
    async stop() {
      await end('SIGTERM')
      forget()
      await folder.remove()
    },
  }
}

/** Two servers, of which each has half of the keys. */
export async function startRedisCluster(): Promise<Pick<Redis, 'url' | 'stop'>> {
  const one = await startRedis({ slots: [0, 8_191] })
  const other = await startRedis({ slots: [8_192, SLOTS - 1], beside: one.url })
  return {
    url: one.url,
    async stop() {
      await Promise.all([one.stop(), other.stop()])
    },
  }
}

/** Waits until all slots are served, if this is the server with the last. */
async function joinCluster(port: number, [first, last]: Slots, beside: string | undefined): Promise<void> {
  const client = createClient({ url: `redis://127.0.0.1:${port}` })
  client.on('error', () => undefined)
  await client.connect()
  await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', String(first), String(last)]).catch(() => undefined)
  if (beside) await client.sendCommand(['CLUSTER', 'MEET', '127.0.0.1', new URL(beside).port])
  if (last === SLOTS - 1)
    await eventually(
      async () => {
        if (!(await client.clusterInfo()).includes('cluster_state:ok')) throw new Error('The cluster is not formed')
      },
      { timeoutMs: 20_000 },
    )
  client.destroy()
}

function borrowed(url: string): Redis {
  const refuse = () => Promise.reject(new Error('The Redis of TEST_REDIS_URL is not ours to kill: run this test without it.'))
  return { url, stop: async () => {}, kill: refuse, restart: refuse }
}

function onPath(program: string): string | undefined {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program))
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
