import { randomUUID } from 'node:crypto'
import { createClient } from 'redis'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { inProcessBuses } from '../../src/adapters/bus/in-process.ts'
import { natsBus } from '../../src/adapters/bus/nats.ts'
import { type PostgresBusOptions, postgresBus } from '../../src/adapters/bus/postgres.ts'
import { redisBus } from '../../src/adapters/bus/redis.ts'
import { connect, type PostgresDatabase } from '../../src/adapters/mikro-orm/database/connect.ts'
import { type Bus, chatTopic } from '../../src/application/ports/bus.ts'
import { busContract } from '../../src/contracts/store.ts'
import type { ChatId } from '../../src/domain/ids.ts'
import { databases, freshDatabase, withNats, withRedis } from '../support/databases.ts'
import { startNats } from '../support/nats.ts'
import { startRedis, startRedisCluster } from '../support/redis.ts'
import { sql } from '../support/sql.ts'
import { tcpProxy } from '../support/tcp-proxy.ts'
import { eventually } from '../support/waiting.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
const given = { release: 'this', newId: () => randomUUID(), random: () => 0.5 }

const onPostgres = async (url: string, count: number, options: Partial<PostgresBusOptions> = {}) => {
  const connections: PostgresDatabase[] = []
  for (const _ of upTo(count)) connections.push((await connect(url)) as PostgresDatabase)
  const buses = connections.map(({ pool }) => postgresBus({ pool, ...given, ...options }))
  return {
    buses,
    async close() {
      for (const bus of buses) await bus.close()
      for (const connection of connections) await connection.close()
    },
  }
}

type Warn = (message: string) => void
type Lost = (count: number) => void
const onRedis = (url: string, count: number, warn?: Warn, lost?: Lost) => together(count, () => redisBus({ url, ...given, warn, lost }))
const onNats = (url: string, count: number, warn?: Warn, lost?: Lost) => together(count, () => natsBus({ url, ...given, warn, lost }))

function together(count: number, open: () => Bus) {
  const buses = upTo(count).map(open)
  const close = async () => {
    for (const bus of buses) await bus.close()
  }
  return { buses, close }
}

busContract('in one process', async (count) => {
  const join = inProcessBuses()
  return { buses: upTo(count).map(join), close: async () => {} }
})

if (databases.includes('postgres'))
  busContract('Postgres', async (count) => {
    const { url, drop } = await freshDatabase()
    const { buses, close } = await onPostgres(url, count)
    return { buses, close: () => close().then(drop) }
  })

/** One server for the whole kit. */
function kit(name: string, start: () => Promise<{ readonly url: string; stop(): Promise<void> }>, on: typeof onRedis): void {
  let server: ReturnType<typeof start> | undefined
  afterAll(async () => (await server)?.stop())
  busContract(name, async (count) => {
    server ??= start()
    return on((await server).url, count)
  })
}

if (withRedis) {
  kit('Redis', startRedis, onRedis)
  kit('Redis as a cluster', startRedisCluster, onRedis)
}
if (withNats) kit('NATS', startNats, onNats)

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

let said = 0
/** Says something from one bus until the other hears it. */
async function comesThrough(from: Bus, to: Bus, timeoutMs = 30_000): Promise<void> {
  const chatId = `chat-${++said}` as ChatId
  let isHeard = false
  to.listen((_, notice) => {
    if (notice.type === 'head' && notice.chatId === chatId) isHeard = true
  })
  to.follow([chatTopic(chatId)])
  const notice = { type: 'head', chatId, head: 1 } as const
  await eventually(
    () => {
      from.publish([{ topic: chatTopic(chatId), notice }])
      expect(isHeard).toBe(true)
    },
    { timeoutMs, everyMs: 20 },
  )
}

describe.each(databases.includes('postgres') ? ['Postgres'] : [])('a bus on %s', () => {
  async function two(options: Partial<PostgresBusOptions> = {}) {
    const { url, drop } = await freshDatabase()
    closers.push(drop)
    const proxy = await tcpProxy(url)
    closers.push(proxy.close)
    const { buses, close } = await onPostgres(proxy.url, 2, options)
    closers.push(close)
    const [here, there] = buses as [Bus, Bus]
    await comesThrough(here, there)
    await comesThrough(there, here)
    return { here, there, proxy, url }
  }

  it('comes back when its connections are ended', async () => {
    const warnings: string[] = []
    const { here, there, url } = await two({ warn: (message) => warnings.push(message) })
    for (const _ of upTo(2)) {
      await sql(
        url,
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
      await comesThrough(here, there)
      await comesThrough(there, here)
    }
    expect(warnings.join()).toMatch(/lost and is opened again/)
  })

  it('comes back when its lines are dead without an end', async () => {
    let lost = 0
    const { here, there, proxy } = await two({ everyMs: 300, lost: (count) => (lost += count) })
    expect(here.isConnected!()).toBe(true)
    proxy.freeze()
    const events = upTo(3).map((head) => ({
      topic: chatTopic('c' as ChatId),
      notice: { type: 'head', chatId: 'c' as ChatId, head } as const,
    }))
    here.publish(events)
    const before = proxy.opened
    await eventually(() => expect(proxy.opened).toBeGreaterThanOrEqual(before + 4), { timeoutMs: 20_000 })
    expect(here.isConnected!()).toBe(false)
    expect(lost).toBeGreaterThanOrEqual(events.length)
    proxy.thaw()
    await comesThrough(here, there)
    expect(here.isConnected!()).toBe(true)
    await comesThrough(there, here)
  })

  it('publishes nothing but that it is there while it is alone', async () => {
    const { url, drop } = await freshDatabase()
    closers.push(drop)
    const connection = (await connect(url)) as PostgresDatabase
    closers.push(() => connection.close())
    const heard: (string | undefined)[] = []
    const ear = new connection.pool.Client({ ...connection.pool.options })
    await ear.connect()
    closers.push(() => ear.end())
    ear.on('notification', ({ payload }) => void heard.push(payload))
    await ear.query('listen windi_chat')
    const alone = postgresBus({ pool: connection.pool, ...given })
    closers.push(() => alone.close())
    await eventually(() => expect(heard.length).toBeGreaterThan(0))
    alone.publish([{ topic: chatTopic('c' as ChatId), notice: { type: 'head', chatId: 'c' as ChatId, head: 1 } }])
    // What a transaction notifies comes from no process.
    const { channel, payloads } = alone.atCommit!([
      { topic: chatTopic('c' as ChatId), notice: { type: 'who-is-there', chatId: 'c' as ChatId } },
    ])
    let isHeard = false
    alone.listen(() => (isHeard = true))
    alone.follow([chatTopic('c' as ChatId)])
    await sql(url, `select pg_notify('${channel}', '${payloads.join()}')`)
    await eventually(() => expect(isHeard).toBe(true))
    await eventually(() => expect(heard).toContain(payloads[0]))
    heard.splice(heard.indexOf(payloads[0]), 1)
    alone.publish([{ topic: chatTopic('c' as ChatId), notice: { type: 'head', chatId: 'c' as ChatId, head: 2 } }])
    await sql(url, `select pg_notify('windi_chat', 'the end')`)
    await eventually(() => expect(heard.at(-1)).toBe('the end'))
    for (const payload of heard.slice(0, -1)) expect(payload).toMatch(/^[0-9a-f-]{36}$/)
  })
})

const servers = [
  { name: 'Redis', start: startRedis, on: onRedis },
  { name: 'NATS', start: startNats, on: onNats },
].filter(({ name }) => (name === 'Redis' ? withRedis : withNats))

describe.each(servers)('a bus on $name', ({ name, start, on }) => {
  it('comes back when the server was killed, and follows what it followed', { timeout: 60_000 }, async () => {
    const server = await start()
    closers.push(server.stop)
    const warnings: string[] = []
    const { buses, close } = on(server.url, 2, (message) => warnings.push(message))
    closers.push(close)
    const [here, there] = buses as [Bus, Bus]
    const [before, during] = ['before', 'during'] as ChatId[]
    const heard = new Set<string>()
    there.follow([chatTopic(before!)])
    await comesThrough(here, there)
    await server.kill()
    there.follow([chatTopic(during!)])
    for (const _ of upTo(50)) here.publish([{ topic: chatTopic(before!), notice: { type: 'head', chatId: before!, head: 1 } }])
    await server.restart()
    await comesThrough(here, there)
    there.listen((_, notice) => void (notice.type === 'head' && heard.add(notice.chatId)))
    await eventually(
      () => {
        here.publish([before!, during!].map((chatId) => ({ topic: chatTopic(chatId), notice: { type: 'head', chatId, head: 2 } })))
        expect([...heard]).toEqual(expect.arrayContaining(['before', 'during']))
      },
      { timeoutMs: 20_000 },
    )
    expect(warnings[0]).toContain(`${name} between processes`)
    expect(warnings.length).toBeLessThan(10)
  })

  it('begins without a server and carries once it is there', { timeout: 60_000 }, async () => {
    const server = await start()
    closers.push(server.stop)
    await server.kill()
    let lost = 0
    const { buses, close } = on(server.url, 2, undefined, (count) => (lost += count))
    closers.push(close)
    const [here, there] = buses as [Bus, Bus]
    here.publish([{ topic: chatTopic('c' as ChatId), notice: { type: 'head', chatId: 'c' as ChatId, head: 1 } }])
    expect([here.isConnected!(), lost]).toEqual([false, 1])
    await server.restart()
    await expect(comesThrough(here, there)).resolves.toBeUndefined()
    expect(here.isConnected!()).toBe(true)
  })

  it('ends while there is no server', async () => {
    const server = await start()
    closers.push(server.stop)
    await server.kill()
    const { buses, close } = on(server.url, 1)
    buses[0]!.follow([chatTopic('c' as ChatId)])
    await expect(close()).resolves.toBeUndefined()
  })
})

describe.each(withRedis ? ['Redis'] : [])('a bus on %s', () => {
  it('waits until it is told what Redis it is, and so hears the others', async () => {
    const redis = await startRedis()
    closers.push(redis.stop)
    const admin = createClient({ url: redis.url })
    await admin.connect()
    closers.push(async () => admin.destroy())
    const { buses, close } = onRedis(redis.url, 2)
    closers.push(close)
    await comesThrough(buses[0]!, buses[1]!)
    await admin.aclSetUser('default', '-info')
    const warnings: string[] = []
    const late = onRedis(redis.url, 1, (message) => warnings.push(message))
    closers.push(late.close)
    await eventually(() => expect(warnings.join()).toContain('info'))
    await admin.aclSetUser('default', '+info')
    await comesThrough(buses[0]!, late.buses[0]!)
    await expect(comesThrough(late.buses[0]!, buses[0]!)).resolves.toBeUndefined()
  })
})

describe.each(withNats ? ['NATS'] : [])('a bus on %s', () => {
  it('signs in with what stands in the address, and says when it may not', async () => {
    const nats = await startNats({ token: 'a+secret' })
    closers.push(nats.stop)
    const { buses, close } = onNats(nats.url, 2)
    closers.push(close)
    await comesThrough(buses[0]!, buses[1]!)
    const warnings: string[] = []
    const stranger = onNats(nats.url.replace('secret', 'guess'), 1, (message) => warnings.push(message))
    closers.push(stranger.close)
    await eventually(() => expect(warnings.join()).toMatch(/authori[sz]ation/i))
    expect(warnings.join()).not.toContain('guess')
  })

  it('hears nothing of what others say under another name', async () => {
    const nats = await startNats()
    closers.push(nats.stop)
    const one = onNats(`${nats.url}/one`, 2)
    const other = onNats(`${nats.url}/other.*`, 2)
    closers.push(one.close, other.close)
    await comesThrough(one.buses[0]!, one.buses[1]!)
    await comesThrough(other.buses[0]!, other.buses[1]!)
    const topic = chatTopic('shared' as ChatId)
    const heard: string[] = []
    for (const { buses } of [one, other]) {
      buses[1]!.listen(
        (_, notice) => void (notice.type === 'head' && notice.chatId === 'shared' && heard.push(`${buses === one.buses} ${notice.head}`)),
      )
      buses[1]!.follow([topic])
    }
    await eventually(() => {
      one.buses[0]!.publish([{ topic, notice: { type: 'head', chatId: 'shared' as ChatId, head: 1 } }])
      other.buses[0]!.publish([{ topic, notice: { type: 'head', chatId: 'shared' as ChatId, head: 2 } }])
      expect(new Set(heard)).toEqual(new Set(['true 1', 'false 2']))
    })
  })
})
