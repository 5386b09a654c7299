import { memoryChats } from '../../../src/adapters/memory/chats.ts'
import { memoryConsumers } from '../../../src/adapters/memory/consumers.ts'
import { memoryLog } from '../../../src/adapters/memory/log.ts'
import { memoryPeople } from '../../../src/adapters/memory/people.ts'
import { type MemoryStore, memoryStore } from '../../../src/adapters/memory/store.ts'
import { mikroOrmChats } from '../../../src/adapters/mikro-orm/chats/chats.ts'
import { tableNames } from '../../../src/adapters/mikro-orm/database/columns.ts'
import { connect, type Database } from '../../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../../src/adapters/mikro-orm/database/migrate.ts'
import { mikroOrmLog } from '../../../src/adapters/mikro-orm/log/log.ts'
import { mikroOrmPeople } from '../../../src/adapters/mikro-orm/people/people.ts'
import { mikroOrmConsumers } from '../../../src/adapters/mikro-orm/relay/consumers.ts'
import type { OnCommit } from '../../../src/application/ports/log.ts'
import type { Ports } from '../../../src/application/ports/ports.ts'
import { type DatabaseKind, freshDatabase } from '../databases.ts'
import { sql } from '../sql.ts'

export interface RelayStore extends Pick<Ports, 'log' | 'consumers' | 'chats' | 'people'> {
  /** Copies everything. What is returned puts the copy back, under another epoch, and opens the store anew. */
  copy(): Promise<() => Promise<RelayStore>>
  close(): Promise<unknown>
}

/** Where worlds have their stores, one after the other. */
export interface RelayPlace {
  /** An empty store whose own clock is this one. */
  begin(clock: () => number, onCommit: OnCommit): Promise<RelayStore>
  close(): Promise<unknown>
}

export const relayPlaces: Readonly<Record<DatabaseKind, () => Promise<RelayPlace>>> = {
  memory: async () => ({
    begin: async (clock, onCommit) => onMemory(memoryStore('epoch 1'), clock, onCommit),
    close: async () => {},
  }),
  sqlite,
  postgres,
}

function onMemory(store: MemoryStore, clock: () => number, onCommit: OnCommit): RelayStore {
  return {
    log: memoryLog(store, onCommit),
    consumers: memoryConsumers(store, clock),
    chats: memoryChats(store),
    people: memoryPeople(store),
    async copy() {
      const kept = structuredClone(store)
      return async () => onMemory({ ...structuredClone(kept), epoch: 'epoch 2' }, clock, onCommit)
    },
    close: async () => {},
  }
}

/** The function of SQLite that tells the time is one of the world's. */
async function sqlite(): Promise<RelayPlace> {
  const database = await connect('sqlite::memory:')
  await migrate(database)
  if (database.dialect !== 'sqlite') throw new Error('SQLite was asked for')
  const { exec, native } = database.handle
  let now = () => 0
  const timed = native as unknown as { function(name: string, options: object, of: () => number): void }
  timed.function('unixepoch', { varargs: true }, () => (now() + 0.5) / 1_000)
  const begin = beginning(
    database,
    async (text) => exec(text),
    async () => {},
  )
  return {
    begin(clock, onCommit) {
      now = clock
      return begin(clock, onCommit)
    },
    close: database.close,
  }
}

/** Before the functions of Postgres come those of a schema in which the world has its time. */
async function postgres(): Promise<RelayPlace> {
  const { url, drop } = await freshDatabase()
  const migrated = await connect(url)
  await migrate(migrated)
  await migrated.close()
  const name = new URL(url).pathname.slice(1)
  await sql(
    url,
    `create schema virtual; create table virtual.now (ms bigint); insert into virtual.now values (0);
    create function virtual.clock_timestamp() returns timestamptz language sql volatile as 'select to_timestamp(ms / 1000.0) from virtual.now';
    alter database ${name} set search_path to virtual, pg_catalog, public`,
  )
  const database = await connect(url)
  if (database.dialect !== 'postgres') throw new Error('Postgres was asked for')
  const exec = (text: string) => database.pool.query(text.replaceAll(/copy_\w+/g, 'public.$&'))
  return {
    begin: beginning(database, exec, (ms) => exec(`update virtual.now set ms = ${ms}`)),
    async close() {
      await database.close()
      await drop()
    },
  }
}

const COPIED = tableNames.filter((table) => table !== 'settings')
/** What triggers write beside them. */
const DERIVED = ['search_people', 'search_places', 'search_packs', 'search_packed', 'search_blocks']
const EMPTY = [...COPIED, ...DERIVED].map((table) => `delete from {${table}};`).join('')
const MADE = COPIED.map((table) => `create table if not exists copy_${table} as select * from {${table}} where 1 = 0;`).join('')
const KEPT = COPIED.map((table) => `delete from copy_${table}; insert into copy_${table} select * from {${table}};`).join('')
const BACK = COPIED.map((table) => `insert into {${table}} select * from copy_${table};`).join('')
const named = (epoch: string) => `update {settings} set value = '${epoch}' where key = 'epoch';`

type Exec = (text: string) => Promise<unknown>

function beginning(database: Database, exec: Exec, setClock: (ms: number) => Promise<unknown>): RelayPlace['begin'] {
  const open = (clock: () => number, onCommit: OnCommit): RelayStore => {
    const log = mikroOrmLog(database, onCommit)
    return {
      log,
      consumers: timed(mikroOrmConsumers(database), clock, setClock),
      chats: mikroOrmChats(database),
      people: mikroOrmPeople(database),
      async copy() {
        await exec(MADE + KEPT)
        return async () => {
          await log.close()
          await exec(EMPTY + BACK + named('epoch 2'))
          return open(clock, onCommit)
        }
      },
      close: log.close,
    }
  }
  return async (clock, onCommit) => {
    await exec(EMPTY + named('epoch 1'))
    return open(clock, onCommit)
  }
}

/** Before each call the store's clock is set; calls that begin together wait for the same setting. */
function timed<T extends object>(port: T, clock: () => number, setClock: (ms: number) => Promise<unknown>): T {
  let [at, isSet]: [number | undefined, Promise<unknown>] = [undefined, Promise.resolve()]
  const before = () => {
    const now = clock()
    if (at !== now) [at, isSet] = [now, setClock(now)]
    return isSet
  }
  return Object.fromEntries(
    Object.entries(port).map(([name, call]) => [
      name,
      async (...given: unknown[]) => {
        await before()
        return (call as (...given: unknown[]) => unknown)(...given)
      },
    ]),
  ) as T
}
