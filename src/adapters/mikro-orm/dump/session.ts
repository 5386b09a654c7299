import type { Database, PgClient, PostgresDatabase, Row, SqliteHandle, Value } from '../database/connect.ts'
import { patiently } from '../database/query.ts'

/** One transaction on a whole database, whichever it is. */
export interface DumpSession {
  /** Row by row, however many there are. */
  read(sql: string): AsyncIterable<Row>
  insert(table: string, rows: readonly Row[]): Promise<void>
}

const FETCHED_AT_ONCE = 1_000

/** `reading` sees everything as it is when it begins; `writing` is kept as a whole, or not at all. */
export const inOneTransaction = <T>(
  database: Database,
  mode: 'reading' | 'writing',
  use: (session: DumpSession) => Promise<T>,
): Promise<T> => (database.dialect === 'sqlite' ? onSqlite(database.handle, mode, use) : onPostgres(database, mode, use))

async function onSqlite<T>(handle: SqliteHandle, mode: string, use: (session: DumpSession) => Promise<T>): Promise<T> {
  await patiently(() => handle.exec(mode === 'reading' ? 'begin' : 'begin immediate'))
  try {
    const result = await use({
      async *read(sql) {
        yield* handle.prepare(sql).iterate()
      },
      async insert(table, rows) {
        const columns = Object.keys(rows[0] ?? {})
        const statement = handle.prepare(
          `insert into {${table}} (${columns.join(', ')}) values (${columns.map((name) => `:${name}`).join(', ')})`,
        )
        for (const row of rows) statement.run(Object.fromEntries(columns.map((name) => [name, sqliteValue(row[name])])))
      },
    })
    handle.exec('commit')
    return result
  } finally {
    if (handle.inTransaction) handle.exec('rollback')
  }
}

const sqliteValue = (value: unknown): Value => (typeof value === 'boolean' ? Number(value) : (value as Value))

async function onPostgres<T>({ pool }: PostgresDatabase, mode: string, use: (session: DumpSession) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let isBroken = true
  try {
    await client.query(mode === 'reading' ? 'begin isolation level repeatable read read only' : 'begin')
    await client.query('set local statement_timeout = 0; set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0')
    const result = await use({
      read: (sql) => throughCursor(client, sql),
      async insert(table, rows) {
        const text = `insert into {${table}} select * from json_populate_recordset(null::{${table}}, $1)`
        await client.query({ text, values: [JSON.stringify(rows)] })
      },
    })
    if (mode === 'writing') await client.query('analyze')
    await client.query('commit')
    isBroken = false
    return result
  } finally {
    client.release(isBroken)
  }
}

async function* throughCursor(client: PgClient, sql: string): AsyncIterable<Row> {
  await client.query(`declare dump no scroll cursor for ${sql}`)
  for (;;) {
    const { rows } = await client.query(`fetch ${FETCHED_AT_ONCE} from dump`)
    if (rows.length === 0) break
    yield* rows
  }
  await client.query('close dump')
}
