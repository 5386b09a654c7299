import { describe, expect, it } from 'vitest'
import { connect, type Database } from '../../src/adapters/mikro-orm/database/connect.ts'
import type { HostDatabase } from '../../src/adapters/mikro-orm/database/host.ts'
import { migrate, pendingMigrations } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { namesAt } from '../../src/adapters/mikro-orm/database/names.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import { mikroOrmSettings } from '../../src/adapters/mikro-orm/database/settings.ts'
import { type DumpedRow, readDump, writeDump } from '../../src/adapters/mikro-orm/dump/dump.ts'
import { accountsContract } from '../../src/contracts/accounts.ts'
import { databases } from '../support/databases.ts'
import { BetterSqlite, type HostTables, hostPostgres, hostSqlite, Pool } from '../support/host-tables.ts'
import { openBeside } from '../support/mikro-orm.ts'

const kinds = databases.filter((kind) => kind !== 'memory')
const hostOf = { sqlite: hostSqlite, postgres: hostPostgres }

for (const kind of kinds) accountsContract(`${kind}, beside a host's tables`, () => openBeside(kind))

async function beside<T>(kind: 'sqlite' | 'postgres', use: (host: HostTables) => Promise<T>): Promise<T> {
  const host = await hostOf[kind]()
  const result = await use(host)
  await host.close()
  return result
}

async function withStores<T>(sources: readonly HostDatabase[], use: (databases: readonly Database[]) => Promise<T>): Promise<T> {
  const opened = await Promise.all(sources.map((source) => connect(source)))
  try {
    return await use(opened)
  } finally {
    await Promise.all(opened.map((one) => one.close()))
  }
}

const second = (source: HostDatabase): HostDatabase =>
  'sqlite' in source ? { sqlite: source.sqlite, prefix: 'other_' } : { pool: (source as { pool: never }).pool, schema: 'other' }

describe.each(kinds)('tables beside those of a program, on %s', (kind) => {
  it('are made once, however many start at once', () =>
    beside(kind, ({ database }) =>
      withStores([database, database, database], async (all) => {
        const ran = await Promise.all(all.map(migrate))
        expect(ran.flat().length).toBe(new Set(ran.flat()).size)
        expect(await pendingMigrations(all[1]!)).toEqual([])
      }),
    ))

  it('are as the definitions say', () =>
    beside(kind, ({ database }) =>
      withStores([database], async ([store]) => {
        await migrate(store!)
        const differences = await store!.orm.schema.getUpdateSchemaSQL({ wrap: false, safe: true, dropTables: false })
        expect(differences).toBe('')
      }),
    ))

  it('may be there twice in one database', () =>
    beside(kind, ({ database }) =>
      withStores([database, second(database)], async (stores) => {
        await Promise.all(stores.map(migrate))
        const epochs = await Promise.all(stores.map((store) => mikroOrmSettings(store).get('epoch')))
        expect(new Set(epochs).size).toBe(2)
      }),
    ))

  it('are handed to another place row by row', () =>
    beside(kind, ({ database }) =>
      withStores([database, second(database)], async ([from, to]) => {
        await Promise.all([migrate(from!), migrate(to!)])
        await queryOn(from!).change('insert into {users} (id, username, name, created_at, is_erasing) values ($1, $2, $3, $4, $5)', [
          '0198c5d2-0000-7000-8000-000000000001',
          'anna',
          'Anna',
          1,
          from!.dialect === 'sqlite' ? 0 : 'false',
        ])
        const rows: DumpedRow[] = []
        const counts = await readDump(from!, async (dump) => {
          for await (const row of dump.rows) rows.push(row)
          return dump.counts
        })
        const all = (async function* () {
          yield* rows
        })()
        await writeDump(to!, { counts, rows: all }, (what) => new Error(what))
        expect(await queryOn(to!)(`select name from {users} where username = 'anna'`, [])).toEqual([{ name: 'Anna' }])
      }),
    ))
})

describe('a database of a program', () => {
  it.runIf(kinds.includes('postgres'))('has processes of two stores that do not hear each other', () =>
    beside('postgres', ({ database }) =>
      withStores([database, second(database)], async (stores) => {
        const channels = stores.map((store) => (store.dialect === 'postgres' ? store.channel : ''))
        expect(new Set([...channels, 'windi_chat']).size).toBe(3)
        // With the id of a process behind it, Postgres would cut off what is longer.
        for (const channel of channels) expect(`${channel}_0198c5d2-0000-7000-8000-000000000001`.length).toBeLessThan(64)
      }),
    ),
  )

  it.each([
    ['two at once', () => ({ sqlite: new BetterSqlite(':memory:'), pool: new Pool({}) }), /takes a URL, \{ pool \}/],
    ['SQLite in memory', () => ({ sqlite: new BetterSqlite(':memory:') }), /needs a SQLite file/],
    ['a misspelt option', () => ({ pool: new Pool({}), shema: 'chat' }), /no option "shema"/],
    ['a schema in SQLite', () => ({ sqlite: new BetterSqlite('/dev/null'), schema: 'chat' }), /no option "schema"/],
    ['a prefix on Postgres', () => ({ pool: new Pool({}), prefix: 'chat_' }), /no option "prefix"/],
    ['a schema that is no name', () => ({ pool: new Pool({}), schema: 'a"b' }), /not a name/],
    ['what is no pool', () => ({ pool: { options: {}, connect: async () => ({}) } }), /takes a pool of pg/],
  ])('is refused with %s', async (_, source, why) => {
    await expect(connect(source() as HostDatabase)).rejects.toThrow(why)
  })
})

describe('names', () => {
  it('stand where the braces were, and nothing else changes', () => {
    const text = `select '{}', '{"a":1}' from {messages} where {messages}.n = 1`
    expect(namesAt({})(text)).toBe(`select '{}', '{"a":1}' from messages where messages.n = 1`)
    expect(namesAt({ schema: 'chat' })(text)).toBe(`select '{}', '{"a":1}' from "chat"."messages" where "chat"."messages".n = 1`)
    expect(namesAt({ prefix: 'w_' })(text)).toBe(`select '{}', '{"a":1}' from w_messages where w_messages.n = 1`)
  })
})
