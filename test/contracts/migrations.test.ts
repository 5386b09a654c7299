import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connect, type Database, type PostgresDatabase } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate, pendingMigrations } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { migrations } from '../../src/adapters/mikro-orm/database/migrations/postgres/list.ts'
import { mikroOrmSettings } from '../../src/adapters/mikro-orm/database/settings.ts'
import { type DatabaseKind, databases, freshDatabase } from '../support/databases.ts'
import { tempFolder } from '../support/places.ts'
import { sql } from '../support/sql.ts'
import { eventually } from '../support/waiting.ts'

const names = migrations.map(({ name }) => name)

/** A database that is empty, or not there yet; it goes when the test ends. */
async function emptyDatabase(kind: DatabaseKind): Promise<AsyncDisposable & { readonly url: string }> {
  if (kind === 'postgres') return freshDatabase()
  const folder = await tempFolder()
  return { url: `sqlite:${join(folder.path, 'new/folder/chat.db')}`, [Symbol.asyncDispose]: folder.remove }
}

async function connected<T>(url: string, count: number, use: (connections: readonly Database[]) => Promise<T>): Promise<T> {
  const connections = await Promise.all(Array.from({ length: count }, () => connect(url)))
  try {
    return await use(connections)
  } finally {
    await Promise.all(connections.map((connection) => connection.close()))
  }
}

const drift = ({ orm }: Database) => orm.schema.getUpdateSchemaSQL({ wrap: false })

describe.each(databases.filter((kind) => kind !== 'memory'))('migrations on %s', (kind) => {
  it('run once, however many start at once on an empty database', async () => {
    await using database = await emptyDatabase(kind)
    await connected(database.url, 4, async (connections) => {
      const ran = await Promise.all(connections.map(migrate))
      expect(ran.flat().sort()).toEqual(names)
      expect(await migrate(connections[0]!)).toEqual([])
      expect(await pendingMigrations(connections[1]!)).toEqual([])
    })
  })

  it('make the tables that the definitions describe', async () => {
    await using database = await emptyDatabase(kind)
    await connected(database.url, 1, async ([connection]) => {
      await migrate(connection!)
      expect(await drift(connection!)).toBe('')
      expect(await connection!.orm.migrator.checkSchema()).toBe(false)
    })
  })

  it.each([
    ['a column', 'alter table members add column extra integer'],
    ['an index', 'create index extra on messages (chat_id, at)'],
    ['a missing index', 'drop index messages_of_sender'],
  ])('would be seen to differ by %s', async (_, change) => {
    await using database = await emptyDatabase(kind)
    await connected(database.url, 1, async ([connection]) => {
      await migrate(connection!)
      await connection!.orm.em.getConnection().execute(change)
      expect(await drift(connection!)).not.toBe('')
    })
  })

  it('name the store, once and for all who open it', async () => {
    await using database = await emptyDatabase(kind)
    await connected(database.url, 2, async (connections) => {
      await Promise.all(connections.map(migrate))
      const [one, other] = await Promise.all(connections.map((connection) => mikroOrmSettings(connection).get('epoch')))
      expect(one).toMatch(/^[0-9a-f-]{32,36}$/)
      expect(other).toBe(one)
    })
  })

  it('leave room for settings, of which the first to come stays', async () => {
    await using database = await emptyDatabase(kind)
    await connected(database.url, 4, async (connections) => {
      await migrate(connections[0]!)
      const kept = await Promise.all(connections.map((connection, i) => mikroOrmSettings(connection).keep('secret', `secret ${i}`)))
      expect(new Set(kept).size).toBe(1)
      const settings = mikroOrmSettings(connections[0]!)
      expect(await settings.get('secret')).toBe(kept[0])
      await settings.set('secret', 'another')
      expect(await settings.keep('secret', 'a third')).toBe('another')
      expect(await settings.get('nothing')).toBeUndefined()
    })
  })
})

describe.each(databases.filter((kind) => kind === 'postgres'))('a migration on %s', () => {
  it('may take longer than any read', async () => {
    await using database = await freshDatabase()
    const connection = (await connect(database.url, { patience: 0.5 })) as PostgresDatabase
    const holder = await connection.pool.connect()
    try {
      await holder.query('begin; create table gone_chats (id int)')
      const migrating = migrate(connection)
      const waiting = `select pid from pg_stat_activity
        where datname = current_database() and query like '%gone_chats%' and wait_event_type = 'Lock' and clock_timestamp() - query_start > '0.7 s'`
      await eventually(async () => expect(await sql(database.url, waiting)).toHaveLength(1))
      await holder.query('rollback')
      expect(await migrating).toEqual(names)
    } finally {
      holder.release(true)
      await connection.close()
    }
  })
})

it('refuses the URL of a database that it does not know', async () => {
  await expect(connect('mysql://localhost/chat')).rejects.toThrow(/begins with sqlite: or postgres/)
})
