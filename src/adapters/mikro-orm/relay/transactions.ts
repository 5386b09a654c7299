import type { Consumers } from '../../../application/ports/consumers.ts'
import type { Database, NativeHandle, PgPool, PostgresDatabase, SqliteDatabase, SqliteHandle } from '../database/connect.ts'
import type { HostOrm } from '../database/host.ts'
import { namingHandle } from '../database/names.ts'
import { preparing } from '../database/preparing.ts'
import { patiently } from '../database/query.ts'
import { hostTransaction } from '../within/host-tx.ts'
import { asBusy, moving, named, parametersOf } from './cursors.ts'
import { nowOf } from './rows.ts'

/** Undoes a transaction whose cursor was not as expected. */
const STALE = new Error('the cursor has moved')

/**
 * Has `work` done and a cursor moved in one transaction: both, or neither if the cursor is not as expected. It runs on the connection of the
 * program that has opened the database, if that is its own. On SQLite it lies within one turn of the event loop, so `work` must be
 * synchronous there.
 */
export function transactionalOn(database: Database): NonNullable<Consumers['inTransaction']> {
  return database.dialect === 'sqlite' ? sqliteTransaction(database) : postgresTransaction(database)
}

function sqliteTransaction(database: SqliteDatabase): NonNullable<Consumers['inTransaction']> {
  const text = moving(false, nowOf({ isPostgres: false }))
  return async (at, cursor, work) => {
    const { orm, sqlite } = database.host ?? {}
    const native = (sqlite ?? (await orm?.em.getConnection().getNativeClient?.()) ?? database.handle.native) as NativeHandle
    const { write, inTransaction } = preparing(beginningAtOnce(namingHandle(native, database.names)))
    return patiently(() => {
      try {
        inTransaction(() => {
          const outcome: unknown = work(native)
          if (typeof (outcome as { then?: unknown } | undefined)?.then === 'function')
            throw new Error('On SQLite a handler with a transaction must be synchronous')
          if (write(text, named(parametersOf(at, cursor))) === 0) throw STALE
        })
        return true
      } catch (thrown) {
        if (thrown === STALE) return false
        throw asBusy(thrown)
      }
    })
  }
}

/** A handle on which a begin fails at once while another process writes, however long the program has its other statements wait. */
function beginningAtOnce(handle: SqliteHandle): SqliteHandle {
  const { native, exec } = handle
  return Object.assign(handle, {
    exec(text: string) {
      if (!text.startsWith('begin')) return exec(text)
      const [{ timeout = 0 } = {}] = native.pragma('busy_timeout') as readonly { readonly timeout?: number }[]
      native.pragma('busy_timeout = 0')
      try {
        return exec(text)
      } finally {
        native.pragma(`busy_timeout = ${timeout}`)
      }
    },
  })
}

/** A transaction on Postgres, whoever's connection it is on. */
interface Begun {
  /** For the handler. */
  readonly tx: object
  run(text: string, values: readonly unknown[]): Promise<number | null>
  end(how: 'commit' | 'rollback'): Promise<void>
  release(isBroken: boolean): void
}

function postgresTransaction(database: PostgresDatabase): NonNullable<Consumers['inTransaction']> {
  const text = database.names(moving(true, nowOf({ isPostgres: true })))
  const { orm, pool } = database.host ?? {}
  const begin = orm ? () => onEntityManager(orm, database) : () => onClient((pool ?? database.pool) as unknown as PgPool)
  return async (at, cursor, work) => {
    const { tx, run, end, release } = await begin()
    let isBroken = true
    try {
      await work(tx)
      const count = await run(text, parametersOf(at, cursor))
      await end(count === 0 ? 'rollback' : 'commit')
      isBroken = false
      return count !== 0
    } catch (error) {
      isBroken = await end('rollback').then(
        () => false,
        () => true,
      )
      throw error
    } finally {
      release(isBroken)
    }
  }
}

async function onClient(pool: Pick<PgPool, 'connect'>): Promise<Begun> {
  const client = await pool.connect()
  await client.query('begin').catch((error: unknown) => {
    client.release(true)
    throw error
  })
  return {
    tx: 'native' in client ? client.native : client,
    run: async (text, values) => (await client.query({ text, values })).rowCount,
    end: async (how) => void (await client.query(how)),
    release: (isBroken) => client.release(isBroken),
  }
}

async function onEntityManager({ em }: HostOrm, database: PostgresDatabase): Promise<Begun> {
  const fork = em.fork()
  await fork.begin()
  const run = hostTransaction(database, fork)
  return {
    tx: fork,
    run: async (text, values) => (await run(text, values)).rowCount,
    end: (how) => (how === 'commit' ? fork.commit() : fork.rollback()),
    release() {},
  }
}
