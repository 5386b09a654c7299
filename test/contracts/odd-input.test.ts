import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mikroOrmChats } from '../../src/adapters/mikro-orm/chats/chats.ts'
import { connect } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { type Scene, sceneOf } from '../../src/contracts/scene.ts'
import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import type { ChatId, MessageId, SessionId, UserId } from '../../src/domain/ids.ts'
import { isRefusal } from '../../src/domain/refusal.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { sql } from '../support/sql.ts'
import { openStore } from '../support/stores.ts'
import { tcpProxy } from '../support/tcp-proxy.ts'
import { eventually } from '../support/waiting.ts'

const texts = [
  '',
  ' ',
  'x',
  '\0',
  'a\0b',
  '\ud800',
  '%',
  '\\',
  "'; drop table chats; --",
  'x'.repeat(100_000),
  '{}',
  '{a,b}',
  '[]',
  '01900000-0000-7000-8000-00000000000g',
]
const numbers = [0, 1, 2, 3, 2 ** 31 - 1, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER]

describe.each(databases)('odd input on %s', (kind) => {
  let store: StoreHarness
  let scene: Scene
  let ann: UserId
  let chat: ChatId
  beforeAll(async () => {
    store = await openStore(kind)
    scene = sceneOf(store)
    ann = await scene.person({ name: 'Анна' })
    chat = await scene.group(ann, await scene.person())
    await scene.send(chat, ann, 'привет')
  })
  afterAll(async () => store.close?.())

  it.each(texts)('names nothing: %j', async (text) => {
    const [id, message, user, session] = [text as ChatId, text as MessageId, text as UserId, text as SessionId]
    const { chats, people, sessions, log } = store
    const filter = { query: text, chatId: id, senderId: user }
    expect(await chats.get(ann, id)).toBeUndefined()
    expect(await chats.standing(ann, id)).toBeUndefined()
    expect(await chats.members(ann, id, { limit: 10 })).toBeUndefined()
    expect(await chats.membersOf(ann, chat, [user])).toEqual([])
    expect(await chats.messages(ann, id, { kind: 'newest' }, {}, 10, true)).toBeUndefined()
    expect((await chats.messages(ann, chat, { kind: 'newest' }, { senderId: user }, 10, true))?.total).toBe(0)
    expect(await chats.message(ann, chat, message)).toEqual({ message: undefined })
    expect((await chats.search(ann, filter, { limit: 10, count: true })).total).toBe(0)
    expect(await chats.readers(ann, id, { seq: 1, senderId: user }, { limit: 10 })).toBeUndefined()
    expect(await chats.readMarks(id, 10)).toEqual([])
    expect(await chats.heads([id])).toEqual(new Map())
    expect(await chats.joinedSince([user], 0)).toEqual([])
    expect(await people.get(user)).toBeUndefined()
    expect(await people.see(ann, user)).toBeUndefined()
    expect(await people.credentials(text)).toBeUndefined()
    expect(await people.external([text])).toEqual(new Map())
    expect(await people.passwordHash(user)).toBeUndefined()
    expect(await sessions.get(session)).toBeUndefined()
    expect(await sessions.live([{ userId: user, sessionId: session }], 0)).toEqual(new Map())
    expect(await log.read(id, 0, 10)).toEqual([])
  })

  it.each(texts)('is sought as it stands: %j', async (text) => {
    const { chats, people } = store
    const expected = 'привет'.includes(text) ? 1 : 0
    expect((await chats.messages(ann, chat, { kind: 'newest' }, { query: text }, 10, true))?.total).toBe(expected)
    expect((await chats.list(ann, { query: text }, { limit: 10, count: true })).items.length).toBeLessThanOrEqual(1)
    await people.find(ann, { query: text, exact: false }, { limit: 10, count: true })
    expect((await people.find(ann, { query: text, exact: true }, { limit: 10 })).items).toEqual([])
  })

  it.each(texts)('is a place in no list, and breaks none: %j', async (text) => {
    const { chats, people } = store
    const pages = await Promise.all([
      chats.list(ann, {}, { limit: 10, from: { at: 0, id: text as ChatId } }),
      chats.search(ann, { query: 'пр' }, { limit: 10, from: { at: 0, id: text as MessageId } }),
    ])
    expect(pages.flatMap((page): readonly unknown[] => page.items)).toEqual([])
    expect((await chats.members(ann, chat, { limit: 10, from: { joinedSeq: 0, userId: text as UserId } }))?.items).toHaveLength(2)
    const found = await people.find(ann, { exact: false }, { limit: 10, from: { name: text, id: text as UserId } })
    expect(found.items.length).toBeLessThanOrEqual(1)
  })

  it.each(numbers)('has numbers of any size: %d', async (number) => {
    const { chats, log } = store
    const isThere = { before: number > 2, after: number < 2, around: true }
    for (const kind of ['before', 'after', 'around'] as const) {
      const run = await chats.messages(ann, chat, { kind, seq: number }, {}, 10, false)
      expect(run?.items).toHaveLength(isThere[kind] ? 1 : 0)
    }
    const run = await chats.messages(ann, chat, { kind: 'offset', offset: number, fromEnd: false }, {}, 10, false)
    expect(run?.items).toHaveLength(number >= 1 ? 0 : 1)
    await chats.messages(ann, chat, { kind: 'offset', offset: number, fromEnd: true }, { senderId: ann }, 10, false)
    await chats.list(ann, {}, { limit: 10, from: { at: number, id: chat } })
    await chats.members(ann, chat, { limit: 10, from: { joinedSeq: number, userId: ann } })
    await chats.search(ann, { query: 'пр' }, { limit: 10, from: { at: number, id: '' as MessageId } })
    await chats.readers(ann, chat, { seq: number, senderId: ann }, { limit: 10 })
    await chats.joinedSince([ann], number)
    await chats.moved(ann, number)
    expect(await log.read(chat, number, 10)).toHaveLength(number >= 2 ? 0 : number >= 1 ? 1 : 2)
  })
})

describe.each(databases.filter((kind) => kind === 'postgres'))('reading from %s', () => {
  it('goes on when the server ends every connection, and is refused while there is none', async () => {
    await using database = await freshDatabase()
    const connection = await connect(database.url)
    try {
      await migrate(connection)
      const { heads } = mikroOrmChats(connection)
      const end = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${new URL(database.url).pathname.slice(1)}' and pid <> pg_backend_pid()`
      const outcomes: unknown[] = []
      for (let round = 0; round < 5; round++) {
        const reads = Array.from({ length: 40 }, () =>
          heads([]).then(
            () => 'read',
            (error) => (isRefusal(error, 'overloaded') ? 'refused' : error),
          ),
        )
        await sql(database.url, end)
        outcomes.push(...(await Promise.all(reads)))
      }
      expect(outcomes.filter((outcome) => outcome !== 'read' && outcome !== 'refused')).toEqual([])
      expect(await eventually(() => heads([]))).toEqual(new Map())
    } finally {
      await connection.close()
    }
  })

  it('gives up lines on which nobody answers, and asks on others', async () => {
    await using database = await freshDatabase()
    await using proxy = await tcpProxy(database.url)
    const connection = await connect(proxy.url, { patience: 1 })
    try {
      await migrate(connection)
      const { heads } = mikroOrmChats(connection)
      const readOnAll = () => Promise.all(Array.from({ length: 20 }, () => heads([])))
      await readOnAll()
      const before = proxy.opened
      proxy.forget()
      expect(await readOnAll()).toHaveLength(20)
      expect(await heads([])).toEqual(new Map())
      expect(proxy.opened).toBeGreaterThan(before)
    } finally {
      await connection.close()
    }
  })
})
