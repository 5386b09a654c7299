import { setTimeout as pause } from 'node:timers/promises'
import type { Connection, PostgresConnection, Row, SqliteConnection, SqliteDatabase } from './connect.ts'
import { migrations as postgresMigrations } from './migrations/postgres/list.ts'
import { migrations as sqliteMigrations } from './migrations/sqlite/list.ts'

/**
 * Brings the tables up to date. Several processes may call it at once on one database, an empty one too: one does the work,
 * the others wait for it. Answers the names of the migrations that ran.
 */
export async function migrate(connection: Connection): Promise<readonly string[]> {
  const ran = await (connection.dialect === 'sqlite'
    ? alone(connection, () => connection.orm.migrator.up())
    : withAdvisoryLock(connection, () => unhurried(connection)))
  return ran.map((migration) => migration.name)
}

/** A large table takes longer than any read may. */
const unhurried = ({ orm }: PostgresConnection) =>
  orm.em.fork().transactional(async (em) => {
    await em.execute('set local statement_timeout = 0')
    return orm.migrator.up({ transaction: em.getTransactionContext() })
  })

/** Names of migrations that `migrate` would run. Changes nothing. */
export async function pendingMigrations(connection: Connection): Promise<readonly string[]> {
  if (connection.dialect === 'sqlite') return pendingIn(connection.database)
  const { rows } = await connection.pool.query(`select to_regclass('migrations') is not null as "isMade"`)
  return missing(postgresMigrations, rows[0]!.isMade ? (await connection.pool.query(DONE)).rows : [])
}

/** The same for a file that somebody else has opened. */
export function pendingIn(database: Pick<SqliteDatabase, 'prepare'>): readonly string[] {
  const isMade = database.prepare(`select 1 from sqlite_master where name = 'migrations'`).all().length > 0
  return missing(sqliteMigrations, isMade ? database.prepare(DONE).all() : [])
}

const DONE = 'select name from migrations'

const missing = (all: readonly { readonly name: string }[], done: readonly Row[]): readonly string[] =>
  all.map(({ name }) => name).filter((name) => !done.some((row) => row.name === name))

const LOCK = 7_265_112_017
const PATIENCE_MS = 120_000
const LOOK_AGAIN_MS = 20

/** The lock is held beside the migrator, which makes its own table before its transaction begins. */
async function withAdvisoryLock<T>({ pool }: PostgresConnection, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let isBroken = true
  try {
    await client.query(`begin; set local statement_timeout = ${PATIENCE_MS}; set local idle_in_transaction_session_timeout = 0`)
    await client.query(`select pg_advisory_xact_lock(${LOCK})`)
    const result = await work()
    await client.query('commit')
    isBroken = false
    return result
  } finally {
    client.release(isBroken)
  }
}

/** The lock is on a file beside the database: on the database itself it would keep the migrator out too. */
async function alone<T>({ file, database }: SqliteConnection, work: () => Promise<T>): Promise<T> {
  if (!file) return work()
  const Database = database.constructor as new (file: string, options: { timeout: number }) => SqliteDatabase
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

function taken(lock: SqliteDatabase): boolean {
  try {
    lock.exec('begin exclusive')
    return true
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return false
    throw error
  }
}
