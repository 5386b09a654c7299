import type { Database, PgClient, PgPool, PgQuery, PgResult, PostgresDatabase, SqliteDatabase, SqliteHandle } from '../database/connect.ts'

/** Runs a statement, its names in place, on the host's connection. */
export type Run = (text: string, values: readonly unknown[]) => Promise<PgResult>

const READING = /^\s*(select|with)\b/i
const BOUNDS = new Set(['begin', 'begin immediate', 'commit', 'rollback'])
const NOTHING: PgResult = { rows: [], rowCount: 0 }

/** A store in a transaction of its host's. */
export interface InTransaction<D extends Database> {
  /** For changes. Transactions that begin and end here are parts of the host's. */
  readonly writing: D
  /** For reads. What reading would note down in the background is left undone: the transaction may be over by then. */
  readonly reading: D
}

export function postgresIn(database: PostgresDatabase, run: Run): InTransaction<PostgresDatabase> {
  const { names } = database
  const ask = async (query: PgQuery | string): Promise<PgResult> => {
    const { text, values = [] } = typeof query === 'string' ? { text: query } : query
    return BOUNDS.has(text) ? NOTHING : run(names(text), values)
  }
  const client = { query: ask, connect: async () => {}, end: async () => {}, on: () => {}, release: () => {}, native: {} }
  const over = (pool: Pick<PgPool, 'query' | 'connect'>): PostgresDatabase => ({ ...database, pool: { ...database.pool, ...pool } })
  return {
    writing: over({ query: ask, connect: async () => client satisfies PgClient & object }),
    reading: over({
      query: async (query) => (READING.test(typeof query === 'string' ? query : query.text) ? ask(query) : NOTHING),
      connect: () => Promise.reject(new Error('not in a transaction of the host')),
    }),
  }
}

interface HostStatement {
  safeIntegers?(isOn: boolean): unknown
}

export function sqliteIn(database: SqliteDatabase, native: SqliteHandle['native']): InTransaction<SqliteDatabase> {
  const { names } = database
  const prepare: SqliteHandle['prepare'] = (text) => {
    const statement = native.prepare(names(text))
    ;(statement as HostStatement).safeIntegers?.(false)
    return statement
  }
  const none: ReturnType<typeof prepare> = { all: () => [], run: () => ({ changes: 0 }), *iterate() {} }
  const over = (handle: Pick<SqliteHandle, 'prepare' | 'inTransaction' | 'exec'>): SqliteDatabase => ({
    ...database,
    handle: { ...database.handle, native, ...handle },
  })
  return {
    writing: over({ prepare, inTransaction: false, exec: (text) => (BOUNDS.has(text) ? undefined : native.exec(names(text))) }),
    reading: over({ prepare: (text) => (READING.test(text) ? prepare(text) : none), inTransaction: true, exec: () => undefined }),
  }
}
