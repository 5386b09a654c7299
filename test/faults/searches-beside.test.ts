import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mikroOrmChats } from '../../src/adapters/mikro-orm/chats/chats.ts'
import { connect, type PostgresDatabase } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import type { Caller, ChatApi } from '../../src/application/chat-api.ts'
import { fair } from '../../src/application/fairness.ts'
import type { Chats } from '../../src/application/ports/chats.ts'
import { isRefusal } from '../../src/domain/refusal.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { BUSY, fillSkewed, LONG, POSTER } from '../support/skewed/data.ts'

const SEARCHES = 16
const READS = 60
/** Each of them takes as long as all searches. */
const FEW_READS = 5
const ROUNDS = 5

const postgres = databases.filter((kind) => kind === 'postgres')

describe.each(postgres)('one person’s searches on %s', () => {
  let database: PostgresDatabase
  /** Another connection, with one pool for everything. */
  let inOne: PostgresDatabase
  let drop: () => Promise<void>
  beforeAll(async () => {
    const made = await freshDatabase()
    drop = made.drop
    database = (await connect(made.url)) as PostgresDatabase
    await migrate(database)
    await fillSkewed(database)
    inOne = { ...((await connect(made.url)) as PostgresDatabase) }
    Object.assign(inOne, { apart: inOne })
  }, 300_000)
  afterAll(async () => {
    await Promise.all([database.close(), inOne.close()])
    await drop()
  })

  const search = (chats: Chats) => chats.search(POSTER, { query: 'e', chatId: LONG }, { limit: 20, count: true })
  const read = (chats: Chats) => chats.messages(BUSY, LONG, { kind: 'newest' }, {}, 50, false)
  /** As the application calls them, in its turns. */
  function inTurns(chats: Chats) {
    const api = fair({ searchMessages: () => search(chats), listMessages: () => read(chats) } as unknown as ChatApi)
    const as = (userId: string) => ({ userId }) as Caller
    const [searchMessages, listMessages] = [api.searchMessages, api.listMessages] as unknown as ((who: Caller) => Promise<unknown>)[]
    return { search: () => searchMessages!(as(POSTER)), read: () => listMessages!(as(BUSY)) }
  }
  it('leave others’ history at most twice as slow, and would slow it more on the same connections without turns', async () => {
    const before = mikroOrmChats(inOne)
    const now = inTurns(mikroOrmChats(database))
    const ways = { before: { search: () => search(before), read: () => read(before) }, now }
    const slower = { before: [] as number[], now: [] as number[] }
    for (let round = 0; round < ROUNDS; round++) slower.now.push(await slowdown(ways.now, READS))
    slower.before.push(await slowdown(ways.before, FEW_READS))
    console.info(
      `history beside ${SEARCHES} searches: ${median(slower.before).toFixed(1)} times slower before, ${median(slower.now).toFixed(1)} now`,
    )
    expect(median(slower.now)).toBeLessThanOrEqual(2)
    expect(median(slower.before)).toBeGreaterThan(median(slower.now))
  }, 120_000)

  it('have less time than other reads for a statement, and their end is told as too much load', async () => {
    await expect(queryOn(database.apart)('select pg_sleep(7)', [])).rejects.toSatisfy(
      (error) => isRefusal(error, 'overloaded') || (error as { code?: string }).code === '57014',
    )
    expect(await queryOn(database)('select 1 as one from pg_sleep(5.5)', [])).toEqual([{ one: 1 }])
  }, 20_000)
})

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!

/** How many times longer a page takes while so many searches are open all the time. */
async function slowdown({ search, read }: { search(): Promise<unknown>; read(): Promise<unknown> }, reads: number): Promise<number> {
  const alone = await pace(read, reads)
  let isOver = false
  const searching = Array.from({ length: SEARCHES }, async () => {
    while (!isOver) await search()
  })
  const beside = await pace(read, reads)
  isOver = true
  await Promise.all(searching)
  return beside / alone
}

async function pace(read: () => Promise<unknown>, reads: number): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < reads; i++) {
    const start = performance.now()
    await read()
    times.push(performance.now() - start)
  }
  return median(times)
}
