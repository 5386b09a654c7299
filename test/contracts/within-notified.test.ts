import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresBus } from '../../src/adapters/bus/postgres.ts'
import type { PostgresDatabase } from '../../src/adapters/mikro-orm/database/connect.ts'
import { database } from '../../src/adapters/mikro-orm/ports.ts'
import { type Bus, type BusMessage, chatTopic } from '../../src/application/ports/bus.ts'
import type { Delivery, Embedded, OpenStore } from '../../src/index.ts'
import { asId, embed } from '../../src/index.ts'
import { databases } from '../support/databases.ts'
import { hostPostgres } from '../support/host-tables.ts'
import { eventually } from '../support/waiting.ts'

interface Process {
  readonly chat: Embedded
  readonly bus: Bus
  readonly heard: BusMessage[]
}

describe.runIf(databases.includes('postgres'))('a transaction of a program on Postgres', () => {
  let host: Awaited<ReturnType<typeof hostPostgres>>
  let here: Process
  let there: Process
  let [anna, boris, chatId] = ['', '', '']

  /** A process that publishes nothing: what the other hears of chats comes from transactions. */
  async function process(spoil: (open: OpenStore) => OpenStore = (open) => open): Promise<Process> {
    const heard: BusMessage[] = []
    const store = await database(host.database)
    const { pool, channel } = store.connection as PostgresDatabase
    const own = { pool, channel, release: 'this', newId: () => randomUUID(), random: Math.random }
    const bus = postgresBus(own)
    const silent: Bus = {
      ...bus,
      publish() {},
      listen: (listener) =>
        bus.listen((topic, notice) => {
          heard.push(notice)
          listener(topic, notice)
        }),
    }
    return { chat: embed(spoil(store), { bus: silent }), bus, heard }
  }

  beforeAll(async () => {
    host = await hostPostgres()
    here = await process()
    there = await process()
    const made = await here.chat.people.upsert([
      { externalId: 'anna', name: 'Anna' },
      { externalId: 'boris', name: 'Boris' },
    ])
    ;[anna, boris] = made.map(({ userId }) => userId) as [string, string]
    chatId = (await here.chat.as(anna).createGroup({ name: 'Orders', memberIds: [boris] })).view.chat.id
    for (const [from, to] of [[here, there] as const, [there, here] as const]) await passed(from, to)
  })
  afterAll(async () => {
    await Promise.all([here.chat.close(), there.chat.close()])
    await host.close()
  })

  let marks = 0
  /** What was notified before has arrived once this has: Postgres keeps the order of commits. */
  async function passed(from: Process, to: Process): Promise<void> {
    const mark = asId<'chat'>(`mark-${++marks}`) as never
    to.bus.follow([chatTopic(mark)])
    const { channel, payloads } = from.bus.atCommit!([{ topic: chatTopic(mark), notice: { type: 'head', chatId: mark, head: 1 } }])
    const isHere = () => to.heard.some((notice) => notice.type === 'head' && notice.chatId === mark)
    await eventually(async () => {
      for (const payload of payloads) await host.pool.query('select pg_notify($1, $2)', [channel, payload])
      expect(isHere()).toBe(true)
    })
  }
  const heads = ({ heard }: Process) => heard.flatMap((notice) => (notice.type === 'head' && notice.chatId === chatId ? [notice.head] : []))

  async function send(options: { readonly notify?: boolean }, end: 'commit' | 'rollback' | 'rollback to savepoint one'): Promise<number> {
    const client = await host.pool.connect()
    await client.query('begin')
    await client.query('savepoint one')
    const command = { chatId, clientMessageId: randomUUID(), text: 'Ordered' }
    try {
      const { pending } = await here.chat.within(client, options).as(anna).sendMessage(command)
      await passed(here, there)
      expect(heads(there)).not.toContain(pending.view.message.seq)
      await client.query(end)
      if (end.includes('savepoint')) await client.query('commit')
      await passed(here, there)
      return pending.view.message.seq
    } finally {
      // What is not over by then is rolled back.
      client.release(true)
    }
  }

  const viewer = () => ({ userId: boris, sessionId: boris }) as unknown as Parameters<Embedded['listen']>[0]

  type Within = NonNullable<ReturnType<OpenStore>['within']>
  const within =
    (spoil: (within: Within) => Within) =>
    (open: OpenStore): OpenStore =>
    (onCommit, clock) => {
      const ports = open(onCommit, clock)
      return { ...ports, within: spoil(ports.within!) }
    }
  const saboteurs = {
    'notifies nobody': within((open) => (transaction) => open(transaction, {})),
    'notifies before the commit': within((open) => async (transaction, { atCommit }) => {
      const { log, ...outer } = await open(transaction, {})
      const change: typeof log.change = async (scope, decide) => {
        let events: Parameters<NonNullable<typeof atCommit>>[0] = []
        const result = await log.change(scope, (state) => {
          const decision = decide(state)
          events = decision.events
          return decision
        })
        const { channel, payloads } = atCommit!(events)
        for (const payload of payloads) await host.pool.query('select pg_notify($1, $2)', [channel, payload])
        return result
      }
      return { ...outer, log: { ...log, change } }
    }),
  }
  it.each(Object.entries(saboteurs))('would be noticed if it %s', async (_, spoil) => {
    const [honest, chat] = [here, chatId]
    here = await process(spoil)
    chatId = (await here.chat.as(anna).createGroup({ name: 'Spoilt', memberIds: [boris] })).view.chat.id
    const connection = await there.chat.listen(viewer(), () => undefined)
    try {
      await passed(here, there)
      const notified = async () => {
        const seq = await send({}, 'commit')
        expect(heads(there)).toContain(seq)
      }
      await expect(notified()).rejects.toThrow(/to (not )?include/)
    } finally {
      connection.close()
      await here.chat.close()
      ;[here, chatId] = [honest, chat]
    }
  })

  it('notifies the processes itself, its own too, once it is committed', async () => {
    const seqs: number[] = []
    const take = (delivery: Delivery) => void (delivery.type === 'event' && seqs.push(delivery.event.seq))
    const connections = await Promise.all([here.chat.listen(viewer(), take), there.chat.listen(viewer(), take)])
    const seq = await send({}, 'commit')
    expect(heads(there)).toEqual([seq])
    await eventually(() => expect(heads(here)).toEqual([seq]))
    await eventually(() => expect(seqs).toEqual([seq, seq]))
    expect(heads(there).concat(heads(here))).toEqual([seq, seq])

    expect(await send({}, 'rollback')).toBe(seq + 1)
    expect(await send({}, 'rollback to savepoint one')).toBe(seq + 1)
    expect(await send({ notify: false }, 'commit')).toBe(seq + 1)
    expect(heads(there)).toEqual([seq])
    // It is found all the same.
    await eventually(() => expect(seqs).toEqual([seq, seq, seq + 1, seq + 1]))
    for (const connection of connections) connection.close()
  })

  it('takes three round trips for a message: the chat is locked, what counts is read, and all is written and notified', async () => {
    const client = await host.pool.connect()
    await client.query('begin')
    const asked: unknown[] = []
    const query = client.query.bind(client)
    const counting = Object.assign(Object.create(client), { query: (given: string) => (asked.push(given), query(given)) })
    await here.chat.within(counting).as(anna).sendMessage({ chatId, clientMessageId: randomUUID(), text: 'Ordered' })
    await client.query('commit')
    client.release()
    expect(asked).toHaveLength(3)
  })
})
