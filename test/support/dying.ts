import type { Database, PgPool, PgQuery, SqliteHandle, Statement } from '../../src/adapters/mikro-orm/database/connect.ts'

/** The same database, of which one statement fails from when it is armed, and all that follow: the process is as good as dead. */
export function dying<D extends Database>(given: D) {
  let left = Number.POSITIVE_INFINITY
  const spend = () => {
    if (--left < 0) throw new Error('interrupted')
  }
  return {
    database:
      given.dialect === 'sqlite'
        ? { ...given, handle: dyingHandle(given.handle, spend) }
        : { ...given, pool: dyingPool(given.pool, spend) },
    arm: (next: number) => void (left = next),
    isDead: () => left < 0,
  }
}

function dyingHandle(handle: SqliteHandle, spend: () => void): SqliteHandle {
  const spending = (statement: Statement): Statement => ({
    all: (given) => (spend(), statement.all(given)),
    iterate: () => (spend(), statement.iterate()),
    run: (given) => (spend(), statement.run(given)),
  })
  return Object.create(handle, {
    prepare: { value: (text: string) => spending(handle.prepare(text)) },
    inTransaction: { get: () => handle.inTransaction },
  }) as SqliteHandle
}

/** Statements of the connections on which the log commits go on: a batch there takes effect as a whole, or not. */
const dyingPool = (pool: PgPool, spend: () => void): PgPool =>
  Object.create(pool, { query: { value: (query: PgQuery | string) => (spend(), pool.query(query)) } }) as PgPool
