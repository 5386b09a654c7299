import { setTimeout as pause } from 'node:timers/promises'
import type { Database, NativeHandle, Place, PostgresDatabase, Row, SqliteDatabase, SqliteHandle } from './connect.ts'
import { migrations as postgresMigrations } from './migrations/postgres/list.ts'
import { migrations as sqliteMigrations } from './migrations/sqlite/list.ts'
import { markOf, namesAt } from './names.ts'
import { divide } from './partitions.ts'

/**
 * Brings the tables up to date. Several processes may call it at once on one database, an empty one too: one does the work,
 * the others wait for it. Answers the names of the migrations that ran.
 */
export async function migrate(database: Database): Promise<readonly string[]> {
  const ran = await (database.dialect === 'sqlite'
    ? alone(database, () => waiting(database, () => database.orm.migrator.up()))
    : withAdvisoryLock(database, () => unhurried(database)))
  return ran.map((migration) => migration.name)
}

/**
 * Divides the large tables of Postgres by the hash of `chat_id` into so many partitions: see `divide`. Other processes that migrate wait.
 * Returns the tables that were divided, none if they were before.
 */
export const partition = (database: PostgresDatabase, partitions: number): Promise<readonly string[]> =>
  withAdvisoryLock(database, () => divide(database, partitions))

/** Nothing is served meanwhile: the thread may wait for writers of other processes. */
async function waiting<T>({ handle }: SqliteDatabase, work: () => Promise<T>): Promise<T> {
  handle.pragma('busy_timeout = 10000')
  try {
    return await work()
  } finally {
    handle.pragma('busy_timeout = 0')
  }
}

/** A large table takes longer than any read may. */
const unhurried = ({ orm }: PostgresDatabase) =>
  orm.em.fork().transactional(async (em) => {
    await em.execute('set local statement_timeout = 0')
    await em.execute('set local lock_timeout = 0')
    return orm.migrator.up({ transaction: em.getTransactionContext() })
  })

/** Names of migrations that `migrate` would run. Changes nothing. */
export async function pendingMigrations(database: Database): Promise<readonly string[]> {
  if (database.dialect === 'sqlite') return pendingIn(database.handle)
  const { rows } = await database.pool.query(`select to_regclass('{migrations}') is not null as "isMade"`)
  return missing(postgresMigrations, rows[0]!.isMade ? (await database.pool.query(DONE)).rows : [])
}

/** Names of migrations that have run and that this program does not know: a newer one has been here. Changes nothing. */
export async function unknownMigrations(database: Database): Promise<readonly string[]> {
  const isSqlite = database.dialect === 'sqlite'
  const made = isSqlite
    ? database.handle.prepare(MADE).all().length > 0
    : (await database.pool.query(`select to_regclass('{migrations}') is not null as "isMade"`)).rows[0]!.isMade
  if (!made) return []
  const done = isSqlite ? database.handle.prepare(DONE).all() : (await database.pool.query(DONE)).rows
  const known = new Set((isSqlite ? sqliteMigrations : postgresMigrations).map(({ name }) => name))
  return done.map(({ name }) => name as string).filter((name) => !known.has(name))
}

const MADE = `select 1 from sqlite_master where name = '{migrations}'`

/** The same for a file that somebody else has opened, without a prefix. */
export const pendingInNative = (handle: Pick<NativeHandle, 'prepare'>, place: Place): readonly string[] =>
  pendingIn({ prepare: (text) => handle.prepare(namesAt(place)(text)) })

function pendingIn(handle: Pick<SqliteHandle, 'prepare'>): readonly string[] {
  const isMade = handle.prepare(MADE).all().length > 0
  return missing(sqliteMigrations, isMade ? handle.prepare(DONE).all() : [])
}

const DONE = 'select name from {migrations}'

const missing = (all: readonly { readonly name: string }[], done: readonly Row[]): readonly string[] =>
  all.map(({ name }) => name).filter((name) => !done.some((row) => row.name === name))

/** Stores in one database that lie in several schemas migrate side by side. */
const lockOf = (place: Place): number => LOCK + markOf(place)
const LOCK = 7_265_112_017
const PATIENCE_MS = 120_000
const LOOK_AGAIN_MS = 20

/** The lock is held beside the migrator, which makes its own table before its transaction begins. */
async function withAdvisoryLock<T>({ pool, place }: PostgresDatabase, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let isBroken = true
  try {
    await client.query(
      `begin; set local statement_timeout = ${PATIENCE_MS}; set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0`,
    )
    await client.query(`select pg_advisory_xact_lock(${lockOf(place)})`)
    const result = await work()
    await client.query('commit')
    isBroken = false
    return result
  } finally {
    client.release(isBroken)
  }
}

/** The lock is on a file beside the database: on the database itself it would keep the migrator out too. */
async function alone<T>({ file, handle }: SqliteDatabase, work: () => Promise<T>): Promise<T> {
  if (!file) return work()
  const Database = handle.native.constructor as new (file: string, options: { timeout: number }) => NativeHandle
  const lock = new Database(`${file}.lock`, { timeout: 0 })
  try {
    for (let waited = 0; !taken(lock); waited += LOOK_AGAIN_MS) {
      if (waited > PATIENCE_MS) throw new Error(`Another process has been migrating ${file} for too long`)
      await pause(LOOK_AGAIN_MS)
    }
    return await work()
  } finally {
    lock.close()
  }
}

function taken(lock: NativeHandle): boolean {
  try {
    lock.exec('begin exclusive')
    return true
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return false
    throw error
  }
}
