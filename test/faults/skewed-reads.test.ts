import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mikroOrmChats } from '../../src/adapters/mikro-orm/chats/chats.ts'
import { mikroOrmOwn } from '../../src/adapters/mikro-orm/chats/own.ts'
import { connect, type Database, type PostgresDatabase, type SqliteDatabase } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import { mikroOrmNotices } from '../../src/adapters/mikro-orm/notices/notices.ts'
import { mikroOrmPeople } from '../../src/adapters/mikro-orm/people/people.ts'
import { mikroOrmSessions } from '../../src/adapters/mikro-orm/people/sessions.ts'
import { FILTERED_OFFSET } from '../../src/application/messages/list-messages.ts'
import type { Chats } from '../../src/application/ports/chats.ts'
import type { Notices } from '../../src/application/ports/notices.ts'
import type { OwnStates } from '../../src/application/ports/own.ts'
import type { People } from '../../src/application/ports/people.ts'
import type { Sessions } from '../../src/application/ports/sessions.ts'
import type { MessageFilter, MessageWindow } from '../../src/application/ports/views.ts'
import type { ChatId } from '../../src/domain/ids.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { buffersOf, type Holding, holdingOf } from '../support/skewed/cost.ts'
import { BUSY, CROWD, fillSkewed, LONG, MEMBERS, MIDDLE, POSTER, QUIET, RARE_NAME } from '../support/skewed/data.ts'
import { eventually } from '../support/waiting.ts'

interface Read {
  /** Pages of Postgres, at most. */
  readonly pages: number
  readonly run: (store: Store) => Promise<unknown>
}
interface Store {
  readonly chats: Chats
  readonly people: People
  readonly notices: Notices
  readonly own: OwnStates
  readonly sessions: Sessions
}
const storeOn = (database: Database): Store => ({
  chats: mikroOrmChats(database),
  people: mikroOrmPeople(database),
  notices: mikroOrmNotices(database),
  own: mikroOrmOwn(database),
  sessions: mikroOrmSessions(database),
})

const find = (query: string, pages: number, viewer = POSTER): Read => ({
  pages,
  run: ({ people }) => people.find(viewer, { query, exact: false }, { limit: 20 }),
})

const history =
  (chatId: ChatId, window: MessageWindow, filter: MessageFilter = {}): Read['run'] =>
  ({ chats }) =>
    chats.messages(POSTER, chatId, window, filter, 50, false)

/** Behind every id there is, too. */
const LATER = 2 ** 47

/** What reading does aside, after it has answered: until it is done, the same costs more. */
async function settled(database: Database, { chats }: Store): Promise<void> {
  const query = queryOn(database)
  await chats.list(BUSY, {}, { limit: 1 })
  await chats.standing(POSTER, LONG)
  await chats.messages(POSTER, CROWD, { kind: 'newest' }, {}, 1, false)
  const left = async () => {
    const [row] = await query(
      `select (select count(*) from search_places where user_id = $1 and settled_at is null) as loose,
        (select count(*) from members where user_id = $2 and own_to_n is not null) as counted`,
      [BUSY, POSTER],
    )
    return row
  }
  await eventually(async () => expect(await left()).toEqual({ loose: 0, counted: 1 }), { timeoutMs: 60_000 })
}

/** Each costs what it answers, on data of which most is not asked for. */
const reads: Readonly<Record<string, Read>> = {
  'finding nobody': find('xylophone', 200),
  'finding the one person of a name': find(RARE_NAME, 200),
  'finding what many names contain': find('an', 500),
  'finding what two letters of few names are': find('qz', 200),
  'finding one of a hundred people, by somebody with many chats': find('okonkwo', 500, BUSY),
  'finding a first and a last name, by somebody with many chats': find('umar okonkwo', 1_000, BUSY),
  'listing ten chats': { pages: 450, run: ({ chats }) => chats.list(QUIET, {}, { limit: 50 }) },
  // As much for each, and a little for index entries of when they did not stand still yet.
  'listing ten of ten thousand chats': { pages: 1_200, run: ({ chats }) => chats.list(BUSY, {}, { limit: 10 }) },
  'listing fifty of ten thousand chats': { pages: 2_600, run: ({ chats }) => chats.list(BUSY, {}, { limit: 50 }) },
  'listing fifty chats behind many': { pages: 2_600, run: ({ chats }) => chats.list(BUSY, {}, { limit: 50, from: MIDDLE }) },
  'listing fifty mentions in ten thousand chats': { pages: 4_000, run: ({ chats }) => chats.mentions(BUSY, {}, { limit: 50 }) },
  'members of a large group': { pages: 1_000, run: ({ chats }) => chats.members(POSTER, CROWD, { limit: 100 }) },
  'a page of history in a large group': { pages: 400, run: history(CROWD, { kind: 'newest' }) },
  'a page of a long history': { pages: 400, run: history(LONG, { kind: 'newest' }) },
  'the middle of a long history': { pages: 400, run: history(LONG, { kind: 'offset', offset: 50_000, fromEnd: false }) },
  'what one member sent, far from its beginning': {
    pages: 500,
    run: history(LONG, { kind: 'offset', offset: FILTERED_OFFSET, fromEnd: false }, { senderId: POSTER }),
  },
  'where a member stands who has sent very much and read nothing': { pages: 100, run: ({ chats }) => chats.standing(POSTER, LONG) },
  // The user's own rows alone: none of the chats', nor of other members'.
  'whether anything moved in ten thousand chats': { pages: 1_000, run: ({ chats }) => chats.moved(BUSY, LATER) },
  'a search of ten thousand chats that finds nothing': {
    pages: 1_000,
    run: ({ chats }) => chats.search(BUSY, { query: 'xylophone' }, { limit: 20 }),
  },
  'finding who wants mails about missed messages': { pages: 20, run: ({ notices }) => notices.digested(undefined, 200) },
  'which of five thousand users have joined a chat': { pages: 300, run: ({ chats }) => chats.joinedSince(MEMBERS, LATER) },
  'which of five thousand users have changed a chat for themselves': { pages: 50, run: ({ own }) => own.since(MEMBERS, LATER) },
  'whose access has ended, of five thousand': { pages: 50, run: ({ sessions }) => sessions.endings(LATER, LATER) },
  'listing people': { pages: 500, run: ({ people }) => people.find(BUSY, { exact: false }, { limit: 20 }) },
}

const isWith = (kind: (typeof databases)[number]) => databases.filter((one) => one === kind)

describe.each(isWith('postgres'))('pages that %s touches for', () => {
  let database: PostgresDatabase
  let drop: () => Promise<void>
  beforeAll(async () => {
    const made = await freshDatabase()
    drop = made.drop
    database = (await connect(made.url)) as PostgresDatabase
    await migrate(database)
    await fillSkewed(database)
    await settled(database, storeOn(database))
  }, 300_000)
  afterAll(async () => {
    await database.close()
    await drop()
  })

  it.each(Object.entries(reads))('%s', async (_, { pages, run }) => {
    const cost = await buffersOf(database, () => run(storeOn(database)))
    expect(cost.statements).not.toEqual([])
    expect(cost.buffers, cost.statements.join('\n')).toBeLessThanOrEqual(pages)
  })

  it('what is counted: a scan of everybody would be noticed', async () => {
    const scan = () => database.pool.query({ text: 'select count(*) from users where name like $1', values: ['%xylophone%'] })
    expect((await buffersOf(database, scan)).buffers).toBeGreaterThan(1_000)
  })
})

describe.each(isWith('sqlite'))('the longest that %s holds the thread for', () => {
  let database: SqliteDatabase
  let holding: Holding
  beforeAll(async () => {
    database = (await connect('sqlite::memory:')) as SqliteDatabase
    await migrate(database)
    await fillSkewed(database)
    await settled(database, storeOn(database))
    holding = holdingOf(database.handle)
  }, 120_000)
  afterAll(() => database.close())

  /** A hundred thousand steps of a loop in SQLite are some 20 ms. */
  const STEPS = 100_000

  it.each(Object.entries(reads))('%s', async (_, { run }) => {
    const { held, statement } = await holding.longest(() => run(storeOn(database)))
    expect(held, statement).toBeLessThanOrEqual(STEPS)
  })

  it('what is measured: a scan of everybody would be noticed', async () => {
    const scan = async () => database.handle.prepare(`select count(*) from users where name like '%xylophone%'`).all()
    expect((await holding.longest(scan)).held).toBeGreaterThan(STEPS / 40)
  })
})
