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

/** A Redis (or Valkey) of one's own on a free port that keeps nothing. `TEST_REDIS_URL` names a running one to use instead; a cluster (of one) is always our own. */
export async function startRedis({ isCluster = false } = {}): Promise<Redis> {
  const running = process.env.TEST_REDIS_URL
  if (running && !isCluster) return borrowed(running)
  const program = onPath('redis-server') ?? onPath('valkey-server')
  if (!program) throw new Error('These tests need Redis: put redis-server or valkey-server on the PATH, or set TEST_REDIS_URL.')

  const folder = await tempFolder('windi-chat-redis')
  const port = await freePort()
  const args = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder.path].map(String)
  if (isCluster) args.push('--cluster-enabled', 'yes')
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
    if (isCluster) await formCluster(port)
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

/** Gives all slots to the one that there is. */
async function formCluster(port: number): Promise<void> {
  const client = createClient({ url: `redis://127.0.0.1:${port}` })
  client.on('error', () => undefined)
  await client.connect()
  await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']).catch(() => undefined)
  await eventually(async () => {
    if (!(await client.clusterInfo()).includes('cluster_state:ok')) throw new Error('The cluster is not formed')
  })
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
