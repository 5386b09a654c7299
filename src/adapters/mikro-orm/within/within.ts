import type { ChatLog } from '../../../application/ports/log.ts'
import type { Ports } from '../../../application/ports/ports.ts'
import type { AtCommit, OpenWithin, Outer } from '../../../application/ports/within.ts'
import { mikroOrmChats } from '../chats/chats.ts'
import { mikroOrmOwn } from '../chats/own.ts'
import type { Database, NativeHandle, PostgresDatabase, SqliteDatabase } from '../database/connect.ts'
import { isUuid } from '../database/schema.ts'
import { lockChats } from '../log/postgres/statements.ts'
import { mikroOrmPeople } from '../people/people.ts'
import { hostHandle, hostTransaction, isClient, notBegun } from './host-tx.ts'
import { type InTransaction, postgresIn, type Run, sqliteIn } from './inert.ts'
import { postgresChange, sqliteChange } from './log.ts'
import type { Watching } from './watching.ts'

/** The store in transactions of its host's. What it commits is told once the chat is free again. */
export function mikroOrmWithin(database: Database, log: ChatLog, watch: Watching): OpenWithin {
  const onHandle = kept((handle: NativeHandle) => sqlitePorts(database as SqliteDatabase, handle, log, watch))
  const onClient = (isPrepared: boolean) =>
    kept((given: object) => {
      const run = hostTransaction(database as PostgresDatabase, given, isPrepared)
      const change = (atCommit?: AtCommit) => postgresChange(database, run, { touch: watch.touch, atCommit })
      return { run, change, ports: postgresPorts(database as PostgresDatabase, run, { ...log, change: change() }) }
    })
  const [unnamed, named] = [onClient(false), onClient(true)]
  return async (given, { atCommit, isPrepared }) => {
    if (database.dialect === 'postgres') {
      const { run, change, ports } = (isPrepared ? named : unnamed)(given)
      if (!hasBegun(given)) await requireBegun(run, isClient(given))
      return atCommit ? { ...ports, log: { ...ports.log, change: change(atCommit) } } : ports
    }
    if (database.file === undefined) throw new TypeError('within() needs a SQLite file: what is in memory belongs to one handle')
    const handle = await hostHandle(given)
    if (!handle.inTransaction) throw notBegun()
    return onHandle(handle)
  }
}

/** What the driver has heard of the connection last. Older ones do not tell, and a transaction may be on its way. */
const hasBegun = (given: { getTransactionStatus?(): unknown }): boolean => given.getTransactionStatus?.() === 'T'

/** In one round trip, where the connection takes two statements at once. */
async function requireBegun(run: Run, takesBoth: boolean): Promise<void> {
  const statements = ['savepoint windi_chat', 'release savepoint windi_chat']
  try {
    for (const text of takesBoth ? [statements.join('; ')] : statements) await run(text, [])
  } catch (error) {
    throw (error as { readonly code?: string }).code === '25P01' ? notBegun(error) : error
  }
}

/** Made once for each handle: a program has few of them. */
function kept<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>()
  return (key) => {
    let value = made.get(key)
    if (value === undefined) made.set(key, (value = make(key)))
    return value
  }
}

type Parts = Pick<Ports, 'log' | 'chats' | 'people' | 'own'>

const parts = ({ writing, reading }: InTransaction<Database>, log: ChatLog): Parts => ({
  log,
  chats: mikroOrmChats(reading),
  people: mikroOrmPeople(writing),
  own: mikroOrmOwn(writing),
})

function postgresPorts(database: PostgresDatabase, run: Run, log: ChatLog): Outer {
  return {
    ...parts(postgresIn(database, run), log),
    async lock(chatIds) {
      const ids = chatIds.filter(isUuid)
      const { text, values } = lockChats(ids, [])
      if (ids.length > 0) await run(database.names(text), values!)
    },
  }
}

function sqlitePorts(database: SqliteDatabase, handle: NativeHandle, log: ChatLog, watch: Watching): Outer {
  const inside = sqliteIn(database, handle)
  const isOver = () => !handle.inTransaction
  return {
    ...parts(inside, { ...log, change: sqliteChange(inside.writing, (chatId, after) => watch.touch(chatId, after, isOver)) }),
    // Who writes there has the whole file.
    lock: async () => {},
  }
}
