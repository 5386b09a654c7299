import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { connect, type PostgresDatabase } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate, partition } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { database } from '../../src/adapters/mikro-orm/ports.ts'
import { sceneOf } from '../../src/contracts/scene.ts'
import { storeContract } from '../../src/contracts/store.ts'
import { asId, type Embedded, embed, type Viewer } from '../../src/index.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { openPostgres, openUrl, portsOver } from '../support/mikro-orm.ts'
import { sql } from '../support/sql.ts'
import { eventually } from '../support/waiting.ts'

const PARTITIONS = 4

async function divided(url: string, partitions = PARTITIONS) {
  const connection = (await connect(url)) as PostgresDatabase
  try {
    await migrate(connection)
    return await partition(connection, partitions)
  } finally {
    await connection.close()
  }
}

if (databases.includes('postgres'))
  storeContract('postgres, its large tables divided', async () => {
    const { url, drop } = await freshDatabase()
    await divided(url)
    const store = portsOver(await connect(url))
    const close = async () => {
      await store.close()
      await drop()
    }
    return { ...store, close }
  })

describe.runIf(databases.includes('postgres'))('large tables of Postgres', () => {
  const definitions = (url: string) =>
    sql(
      url,
      `select tablename as of, indexdef as text from pg_indexes where tablename in ('messages', 'events', 'marks')
       union all select tgrelid::regclass::text, tgname::text from pg_trigger where not tgisinternal and tgparentid = 0 order by 1, 2`,
    )
  const rows = async (url: string) => {
    const all = []
    for (const table of ['messages', 'events', 'marks']) all.push(await sql(url, `select * from ${table} order by chat_id, 2, 3, 4`))
    return all
  }

  it('are divided with all that they hold, and keep their constraints, indexes and triggers', async () => {
    const store = await openPostgres()
    const stage = sceneOf(store)
    const [ann, bob] = await stage.persons(2)
    for (let i = 0; i < 40; i++) {
      const chat = await stage.group(ann!, bob!)
      await stage.send(chat, ann!, `text ${i}`)
      await stage.read(chat, bob!, 3)
    }
    const before = { rows: await rows(store.url), definitions: await definitions(store.url) }
    expect(before.rows.map((some) => some.length > 10)).toEqual([true, true, true])

    expect(await divided(store.url)).toEqual(['messages', 'events', 'marks'])
    expect(await rows(store.url)).toEqual(before.rows)
    const key = (text: unknown) => String(text).replace('(id, chat_id)', '(id)').replace(' ON ONLY ', ' ON ')
    const after = await definitions(store.url)
    expect(after.map(({ of, text }) => ({ of, text: key(text) }))).toEqual(
      before.definitions.map(({ of, text }) => ({ of, text: key(text) })),
    )
    const filled = await sql(store.url, 'select count(distinct tableoid)::int as n from messages')
    expect(filled).toEqual([{ n: PARTITIONS }])

    expect(await divided(store.url)).toEqual([])
    await expect(divided(store.url, 8)).rejects.toThrow('messages has 4 partitions already, and cannot have 8')
    await expect(divided(store.url, 1)).rejects.toThrow(RangeError)
    await store.close()
  })

  it('are divided as a whole or not at all, whoever asks at once', async () => {
    const { url, drop } = await freshDatabase()
    const both = await Promise.all([divided(url), divided(url)])
    expect(both.toSorted((a, b) => a.length - b.length)).toEqual([[], ['messages', 'events', 'marks']])
    await drop()
    const other = await freshDatabase()
    const store = await openUrl(other.url)
    await sql(other.url, 'create view of_a_program as select * from marks')
    await expect(divided(other.url)).rejects.toThrow('other objects depend on it')
    expect(await sql(other.url, `select relkind from pg_class where relname in ('messages', 'events', 'marks')`)).toEqual(
      [1, 2, 3].map(() => ({ relkind: 'r' })),
    )
    await store.close()
    await other.drop()
  })
})

describe.runIf(databases.includes('postgres'))('who works in one chat on divided tables of Postgres', () => {
  const large = `relname ~ '^(messages|events|marks)_[0-9]+$' and seq_scan + coalesce(idx_scan, 0) > 0`
  const touched = async (url: string) =>
    (await sql(url, `select distinct split_part(relname, '_', 2) as place from pg_stat_user_tables where ${large}`)).map(
      ({ place }) => place,
    )

  /** What connections did is counted at the latest when they end. */
  async function working<T>(url: string, work: (chat: Embedded) => Promise<T>): Promise<T> {
    const chat = embed(await database(url))
    try {
      return await work(chat)
    } finally {
      await chat.close()
    }
  }

  it('touches the partition of the chat alone', async () => {
    const { url, drop } = await freshDatabase()
    await divided(url)
    const [ann, bob, chatId] = await working(url, async ({ addPerson, api }) => {
      const people = (await Promise.all(['Ann', 'Bob'].map((name) => addPerson({ name })))) as [Viewer, Viewer]
      const group = async () => (await api.createGroup(people[0], { name: 'G', memberIds: [people[1].userId] })).view.chat.id
      for (let i = 0; i < 2 * PARTITIONS; i++)
        await api.sendMessage(people[0], { chatId: await group(), clientMessageId: asId('elsewhere'), text: 'elsewhere' })
      return [...people, await group()] as const
    })
    await eventually(async () => expect((await touched(url)).length).toBeGreaterThan(1))
    const [{ place } = {}] = await sql(
      url,
      `select split_part(tableoid::regclass::text, '_', 2) as place from events where chat_id = '${chatId}'`,
    )
    await sql(url, 'select pg_stat_reset()')

    await working(url, async ({ api }) => {
      const send = async (text: string, rest: object = {}) =>
        (await api.sendMessage(ann, { chatId, clientMessageId: asId(randomUUID()), text, ...rest })).view.message
      const first = await send('first')
      const second = await send('@Bob', { replyTo: first.id, mentions: [{ kind: 'user', userId: bob.userId, start: 0, length: 4 }] })
      const one = { chatId, messageId: first.id }
      await api.editMessage(ann, { ...one, text: 'edited' })
      await api.addReaction(bob, { ...one, emoji: '👍' })
      await api.listReactions(ann, one, { limit: 10 })
      await api.removeReaction(bob, { ...one, emoji: '👍' })
      await api.pinMessage(ann, one)
      await api.listPins(bob, chatId)
      await api.unpinMessage(ann, one)
      await api.markRead(bob, { chatId, seq: second.seq })
      await api.listReaders(ann, one, { limit: 10 })
      await api.listMentions(bob, {}, { limit: 10 })
      await api.getMessage(bob, one)
      for (const filter of [{}, { senderId: ann.userId }, { query: 'edited' }])
        await api.listMessages(bob, { chatId, window: { kind: 'newest' }, limit: 10, ...filter })
      await api.listEvents(bob, { chatId, after: 0, limit: 100 })
      await api.deleteMessage(ann, { chatId, messageId: second.id })
      await api.getChat(bob, chatId)
      await api.deleteChat(ann, chatId)
    })
    await eventually(async () => expect(await touched(url)).toEqual([place]))
    await drop()
  })

  it('would be noticed touching others', async () => {
    const { url, drop } = await freshDatabase()
    await divided(url)
    await sql(url, `select * from messages where id = '${randomUUID()}'`)
    await eventually(async () => expect(await touched(url)).toHaveLength(PARTITIONS))
    await drop()
  })
})
