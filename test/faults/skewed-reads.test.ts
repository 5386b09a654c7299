import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mikroOrmChats } from '../../src/adapters/mikro-orm/chats/chats.ts'
import { connect, type PostgresDatabase, type SqliteDatabase } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { mikroOrmPeople } from '../../src/adapters/mikro-orm/people/people.ts'
import type { Chats } from '../../src/application/ports/chats.ts'
import type { People } from '../../src/application/ports/people.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { buffersOf, type Holding, holdingOf } from '../support/skewed/cost.ts'
import { BUSY, fillSkewed, POSTER, RARE_NAME } from '../support/skewed/data.ts'

interface Read {
  /** Pages of Postgres, at most. */
  readonly pages: number
  readonly run: (store: { readonly chats: Chats; readonly people: People }) => Promise<unknown>
}

const find = (query: string, pages: number, viewer = POSTER): Read => ({
  pages,
  run: ({ people }) => people.find(viewer, { query, exact: false }, { limit: 20 }),
})

/** Each costs what it answers, on data of which most is not asked for. */
const reads: Readonly<Record<string, Read>> = {
  'finding nobody': find('xylophone', 200),
  'finding the one person of a name': find(RARE_NAME, 200),
  'finding what many names contain': find('an', 500),
  'finding what two letters of few names are': find('qz', 200),
  'finding one of a hundred people, by somebody with many chats': find('okonkwo', 500, BUSY),
  'finding a first and a last name, by somebody with many chats': find('umar okonkwo', 1_000, BUSY),
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
  }, 300_000)
  afterAll(async () => {
    await database.close()
    await drop()
  })

  it.each(Object.entries(reads))('%s', async (_, { pages, run }) => {
    const store = { chats: mikroOrmChats(database), people: mikroOrmPeople(database) }
    const cost = await buffersOf(database, () => run(store))
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
    holding = holdingOf(database.handle)
  }, 120_000)
  afterAll(() => database.close())

  /** A hundred thousand steps of a loop in SQLite are some 20 ms. */
  const STEPS = 100_000

  it.each(Object.entries(reads))('%s', async (_, { run }) => {
    const store = { chats: mikroOrmChats(database), people: mikroOrmPeople(database) }
    const { held, statement } = await holding.longest(() => run(store))
    expect(held, statement).toBeLessThanOrEqual(STEPS)
  })

  it('what is measured: a scan of everybody would be noticed', async () => {
    const scan = async () => database.handle.prepare(`select count(*) from users where name like '%xylophone%'`).all()
    expect((await holding.longest(scan)).held).toBeGreaterThan(STEPS / 10)
  })
})
