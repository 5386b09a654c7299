import type { Database, PostgresDatabase, Row, SqliteDatabase } from './connect.ts'
import { isLost, type Parameter, patiently, unavailable } from './query.ts'

/** A statement that returns rows: one that changes some ends with `returning`. */
export type Step = readonly [text: string, parameters: readonly Parameter[]]
/** Statements of one transaction: each is yielded and gets its rows back. */
export type Steps<R> = Generator<Step, R, readonly Row[]>

/**
 * Runs statements in one transaction, for calls whose speed does not matter. On SQLite nothing else runs in between. If `steps` throws, the
 * transaction is rolled back.
 */
export const transactionOn = (database: Database): (<R>(steps: () => Steps<R>) => Promise<R>) =>
  database.dialect === 'sqlite' ? onSqlite(database) : onPostgres(database)

const onSqlite =
  ({ handle }: SqliteDatabase) =>
  <R>(steps: () => Steps<R>): Promise<R> =>
    patiently(() => {
      handle.exec('begin immediate')
      try {
        const run = steps()
        let next = run.next()
        while (!next.done) next = run.next(handle.prepare(next.value[0]).all(numberedNames(next.value[1])))
        handle.exec('commit')
        return next.value
      } catch (error) {
        if (handle.inTransaction) handle.exec('rollback')
        throw error
      }
    })

const numberedNames = (parameters: readonly Parameter[]) =>
  Object.fromEntries(parameters.map((value, i) => [i + 1, typeof value === 'object' && value !== null ? JSON.stringify(value) : value]))

const onPostgres =
  ({ pool, patienceMs }: PostgresDatabase) =>
  async <R>(steps: () => Steps<R>): Promise<R> => {
    const client = await pool.connect().catch(unavailable)
    let isBroken = false
    try {
      await client.query('begin')
      const run = steps()
      let next = run.next()
      while (!next.done) {
        const [text, values] = next.value
        next = run.next((await client.query({ text, values, query_timeout: patienceMs })).rows)
      }
      await client.query('commit')
      return next.value
    } catch (error) {
      isBroken = isLost(error)
      if (!isBroken)
        await client.query('rollback').catch(() => {
          isBroken = true
        })
      return unavailable(error)
    } finally {
      client.release(isBroken)
    }
  }
