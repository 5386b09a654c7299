import { createClient } from 'redis'
import { freePort, tempFolder } from './places.ts'
import { type Program, startProgram } from './program.ts'
import { eventually } from './waiting.ts'

/** Stopping leaves a server alone that was running before; starting again begins with an empty one. */
export interface Redis extends Program {
  readonly url: string
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
  const folder = await tempFolder('windi-chat-redis')
  let port = await freePort()
  // In a cluster the port that is higher by 10,000 is used as well.
  while (slots && port > 55_535) port = await freePort()
  const args = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder.path].map(String)
  if (slots) args.push('--cluster-enabled', 'yes')
  const server = await startProgram({
    names: ['redis-server', 'valkey-server'],
    args,
    says: 'eady to accept connections',
    started: async () => {
      if (slots) await joinCluster(port, slots, beside)
    },
  })
  return {
    ...server,
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      await server.stop()
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
