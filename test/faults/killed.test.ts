import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, withRedis } from '../support/databases.ts'
import { httpClient } from '../support/http-client.ts'
import { type ModelClient, modelClient } from '../support/model-client.ts'
import { runs } from '../support/pg-proxy.ts'
import type { Entry } from '../support/recording.ts'
import { startRedis } from '../support/redis.ts'
import { type Service, startService } from '../support/service.ts'
import { type TcpProxy, tcpProxy } from '../support/tcp-proxy.ts'
import { eventually } from '../support/waiting.ts'

/** Where the process that is killed has got to with a message. */
interface Step {
  readonly line: 'clients' | 'database' | 'redis'
  readonly what: 'request' | 'answer'
  readonly isIt: (bytes: Buffer, text: string) => boolean
  /** Somebody else sends into the chat at that moment, so that the message is committed in a batch. */
  readonly inBatch?: boolean
  readonly isCommitted: boolean
}
const carries = (command: string) => (bytes: Buffer, text: string) => bytes.includes(command) && bytes.includes(text)

const steps: Readonly<Record<string, Step>> = {
  'before the message is written': { line: 'database', what: 'request', isIt: runs('send_write'), isCommitted: false },
  'after it is written, before it knows': { line: 'database', what: 'answer', isIt: runs('send_write'), isCommitted: true },
  'before a batch is committed': { line: 'database', what: 'request', isIt: runs('commit'), inBatch: true, isCommitted: false },
  'after a batch is committed, before it knows': {
    line: 'database',
    what: 'answer',
    isIt: runs('commit'),
    inBatch: true,
    isCommitted: true,
  },
  'before the others are notified': { line: 'database', what: 'request', isIt: carries('notify'), isCommitted: true },
  'after the others are notified, before it knows': { line: 'database', what: 'answer', isIt: carries('notify'), isCommitted: true },
  ...(withRedis && {
    'before the others hear of it from Redis': { line: 'redis', what: 'request', isIt: carries('PUBLISH'), isCommitted: true },
    'after the others hear of it from Redis, before it knows': {
      line: 'redis',
      what: 'answer',
      isIt: carries('PUBLISH'),
      isCommitted: true,
    },
  }),
  'before the sender has the answer': { line: 'clients', what: 'answer', isIt: carries('POST'), isCommitted: true },
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
const closers: (() => Promise<unknown>)[] = []
const closeAll = async () => {
  for (const close of closers.splice(0).reverse()) await close()
}

describe.each([...new Set(Object.values(steps).map(({ line }) => line === 'redis'))])(
  'a process that is killed (with Redis: %s)',
  (onRedis) => {
    let databaseUrl: string
    let env: Record<string, string>
    let survivor: Service
    const ending: (() => Promise<unknown>)[] = []
    beforeAll(async () => {
      const database = await freshDatabase()
      ending.push(database.drop)
      databaseUrl = database.url
      env = { DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn' }
      if (onRedis) {
        const redis = await startRedis()
        ending.push(redis.stop)
        env.REDIS_URL = redis.url
      }
      survivor = await startService({ env })
      ending.push(() => survivor.stop())
    })
    afterEach(closeAll)
    afterAll(async () => {
      for (const end of ending.splice(0).reverse()) await end()
    })

    const mine = Object.entries(steps).filter(([, { line }]) => (line === 'redis') === onRedis)
    it.each(mine)('%s', { timeout: 30_000 }, async (_, { line, what, isIt, inBatch = false, isCommitted }) => {
      const proxied = async (target: string): Promise<TcpProxy> => {
        const proxy = await tcpProxy(target)
        closers.push(proxy.close)
        return proxy
      }
      const database = await proxied(databaseUrl)
      const redis = env.REDIS_URL === undefined ? undefined : await proxied(env.REDIS_URL)
      const victim = await startService({ env: { ...env, DATABASE_URL: database.url, ...(redis && { REDIS_URL: redis.url }) } })
      closers.push(() => victim.stop())
      const clients = await proxied(victim.url)

      const first = httpClient(clients.url)
      const ann = await first.register('Ann')
      const bob = await first.register('Bob')
      const { body: chat } = await ann.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'Two', member_ids: [bob.id] })
      const entries: Entry[] = []
      const reader: ModelClient = modelClient({
        user: bob.id,
        token: bob.token,
        urls: [survivor.url],
        record: (entry) => entries.push(entry),
      })
      closers.push(reader.stop)
      await reader.level()
      const path = `/chats/${chat.id}/messages`
      const applied = () => entries.flatMap((entry) => (entry.type === 'applied' && entry.chat === chat.id ? [entry] : []))
      const drafts = upTo(inBatch ? 4 : 1).map((n) => ({ client_message_id: `key ${n}`, text: `words ${n} of ${chat.id}` }))

      const held = { clients, database, redis }[line]!.hold(what, (bytes) => isIt(bytes, drafts[0]!.text))
      const answers = Promise.allSettled(drafts.map((draft) => ann.call('post', path, draft)))
      const { request } = await held
      await victim.kill('SIGKILL')
      await answers

      const again = httpClient(survivor.url)
      const retried = await Promise.all(
        drafts.map((body) => again.call<{ id: string; seq: number; replayed?: boolean }>('post', path, { body, token: ann.token })),
      )
      const statusOf = new Map(drafts.map(({ text }, i) => [text, retried[i]!.status]))
      const there = drafts.flatMap(({ text }) => (request.includes(text) ? [statusOf.get(text)] : []))
      expect(there.length).toBeGreaterThan(0)
      expect(there).toEqual(there.map(() => (isCommitted ? 200 : 201)))
      const ids = retried.toSorted((a, b) => a.body.seq - b.body.seq).map(({ body }) => `message.sent ${body.id}`)
      expect(retried.map(({ body }) => body.seq).toSorted((a, b) => a - b)).toEqual(drafts.map((_draft, i) => i + 2))
      await eventually(() => expect(applied().map((entry) => entry.what)).toEqual(ids), { timeoutMs: 5_000 })
      expect(entries.filter(({ type }) => type === 'out-of-turn' || type === 'gap')).toEqual([])
    })
  },
)
