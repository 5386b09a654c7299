import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MikroORM as PostgresOrm } from '@mikro-orm/postgresql'
import type { MikroORM as SqliteOrm } from '@mikro-orm/sqlite'
import type { Names, NativeHandle, PgClient, PgPool, Place, SqliteHandle } from './drivers.ts'
import { type HostDatabase, type HostHandles, settingsOf } from './host.ts'
import { migrations as postgresMigrations } from './migrations/postgres/list.ts'
import { migrations as sqliteMigrations } from './migrations/sqlite/list.ts'
import { channelAt, type NativePool, namesAt, namingHandle, namingPool } from './names.ts'
import { ormOptions } from './orm-options.ts'
import { tables } from './schema.ts'

export type * from './drivers.ts'

interface Closable {
  readonly names: Names
  readonly place: Place
  /** What the program that has opened it uses the same database by. */
  readonly host?: HostHandles
  close(): Promise<void>
}
export interface SqliteDatabase extends Closable {
  readonly dialect: 'sqlite'
  readonly orm: SqliteOrm
  readonly handle: SqliteHandle
  /** Undefined in memory. */
  readonly file: string | undefined
}
export interface PostgresDatabase extends Closable {
  readonly dialect: 'postgres'
  readonly orm: PostgresOrm
  readonly pool: PgPool
  /** For people to read: host and database, without user and password. */
  readonly address: string
  /** On which the processes of this store hear each other. */
  readonly channel: string
  /** A line on which a statement is not answered for so long is dead, whatever it says. */
  readonly patienceMs: number
  /** The same for reads that look through much: a few connections of their own, and less time for each statement. */
  readonly apart: PostgresDatabase
}
export type Database = SqliteDatabase | PostgresDatabase

/** Where reads look through much, so that others go on meanwhile. SQLite has one connection for all. */
export const apart = (database: Database): Database => (database.dialect === 'postgres' ? database.apart : database)

export interface ConnectOptions extends Place {
  /** Connections to Postgres for reading. */
  readonly poolSize?: number
  /** Seconds that Postgres has for a read. When it has not even refused it soon after, another connection is asked. */
  readonly patience?: number
  readonly applicationName?: string
  /** Hears of trouble with connections, such as one that Postgres has ended. Without parameters and texts. */
  readonly warn?: (message: string) => void
}

/**
 * Opens `sqlite:path`, `sqlite::memory:` or `postgres://…`. A file that is not there is made, and its folder, for nobody else to read.
 * `int8` arrives as a number: all of ours are epoch milliseconds and counts.
 *
 * @example
 * const database = await connect('sqlite::memory:')
 * await migrate(database)
 * const chats = mikroOrmChats(database)
 */
export async function connect(source: string | HostDatabase, options: ConnectOptions = {}): Promise<Database> {
  if (typeof source !== 'string') return connectBeside(source, options)
  if (/^postgres(ql)?:\/\//.test(source)) return connectPostgres(ofUrl(source), options)
  if (source.startsWith('sqlite:')) return connectSqlite(databaseFile(source), options)
  throw new Error('A database URL begins with sqlite: or postgres://')
}

/** On connections of its own, opened as the host's are; the tables are in a schema of their own, or behind a prefix. */
async function connectBeside(source: HostDatabase, options: ConnectOptions): Promise<Database> {
  const host = await settingsOf(source)
  if (host.dialect === 'sqlite') return { ...(await connectSqlite(host.file, { ...options, ...host.place })), host: host.handles }
  const { place, handles } = host
  return { ...(await connectPostgres(host, { poolSize: READERS, ...options, ...place })), host: handles }
}

/** Connections for reading, beside a host's own. */
const READERS = 4

/** A driver is installed by whoever uses its database, and by nobody else. */
async function driver<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new Error(`this database needs a package that is not installed: npm install ${name}`, { cause: error })
  }
}

async function connectSqlite(file: string | undefined, { warn, prefix, schema }: ConnectOptions): Promise<SqliteDatabase> {
  if (schema !== undefined) throw new TypeError('SQLite has no schemas: name a prefix')
  const names = namesAt({ prefix })
  const { MikroORM } = await driver('@mikro-orm/sqlite', () => import('@mikro-orm/sqlite'))
  if (file) makeOwn(file)
  const orm = await MikroORM.init({
    dbName: file ?? ':memory:',
    entities: tables,
    ...ormOptions({ list: sqliteMigrations, names, prefix, warn }),
  })
  const handle = namingHandle((await orm.em.getConnection().getNativeClient()) as unknown as NativeHandle, names)
  for (const pragma of SQLITE_PRAGMAS) handle.pragma(pragma)
  return { dialect: 'sqlite', orm, handle, file, names, place: { prefix }, close: () => orm.close(true) }
}

/**
 * What is acknowledged is on the disk; memory is bounded. Only while it is being opened does the thread wait for writers of other processes:
 * afterwards that is the callers' work, with timers, or one process that writes for seconds would stop the event loop of all others. The log in front of the file may have
 * 4,000 pages: what many messages touch is written back once, for a quarter more messages a second. What is deleted is overwritten.
 */
const SQLITE_PRAGMAS = [
  'busy_timeout = 10000',
  'journal_mode = wal',
  'wal_autocheckpoint = 4000',
  'synchronous = full',
  'cache_size = -65536',
  'temp_store = memory',
  'secure_delete = on',
  'busy_timeout = 0',
]

/**
 * Hashes of passwords are in it. What SQLite puts beside a file has the same rights as the file. One that is there is not opened: closing it
 * would take away the locks that this process has on it.
 */
function makeOwn(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
}

/** Where a database is kept; undefined where that is no file. */
export function databaseFile(url: string): string | undefined {
  const [, path] = /^sqlite:(?!:memory:$)(.*)$/s.exec(url) ?? []
  if (path === undefined) return undefined
  return path.startsWith('//') ? fileURLToPath(`file:${path}`) : resolve(path)
}

interface PostgresSettings {
  readonly dbName: string
  readonly address: string
  /** For `pg`. */
  readonly settings: Readonly<Record<string, unknown>>
}

function ofUrl(url: string): PostgresSettings {
  const { host, pathname, username } = new URL(url)
  // As a whole: taken apart, its parameters (`sslmode`, a socket's folder) would be lost.
  return {
    dbName: decodeURIComponent(pathname.slice(1) || username || 'postgres'),
    address: `${host}${pathname}`,
    settings: { connectionString: url },
  }
}

async function connectPostgres(
  { dbName, address, settings }: PostgresSettings,
  { poolSize = 8, patience = 10, applicationName = 'windi-chat', warn, schema, prefix }: ConnectOptions,
): Promise<PostgresDatabase> {
  if (prefix !== undefined) throw new TypeError('On Postgres the tables are in a schema: name one instead of a prefix')
  const names = namesAt({ schema })
  const patienceMs = 1_200 * patience
  const prepare = { text: `${READING}; set statement_timeout = ${1_000 * patience}`, query_timeout: patienceMs }
  const { MikroORM } = await driver('@mikro-orm/postgresql', () => import('@mikro-orm/postgresql'))
  const orm = await MikroORM.init({
    dbName,
    entities: tables,
    pool: { min: 0, max: poolSize },
    driverOptions: {
      ...settings,
      application_name: applicationName,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      onConnect: (client: PgClient) => client.query(prepare),
    },
    ...(schema !== undefined && { schema }),
    ...ormOptions({ list: postgresMigrations, names, warn }),
  })
  const native = (await orm.em.getConnection().getNativeClient()) as unknown as NativePool
  const pool = namingPool(native, names)
  pool.options.types.setTypeParser(INT8, Number)
  const place = { schema }
  const common = { dialect: 'postgres', orm, address, channel: channelAt(place), patienceMs, names, place } as const
  const searching = searchPool(native, { patience, ...(warn && { warn }) })
  const close = async () => {
    await searching.end()
    await orm.close(true)
  }
  const searchers: PostgresDatabase = {
    ...common,
    pool: namingPool(searching, names),
    close: async () => {},
    get apart() {
      return searchers
    },
  }
  return { ...common, pool, apart: searchers, close }
}

/** Searches run on so many connections, and each of their statements has so many seconds. */
const SEARCHERS = 2
const SEARCH_PATIENCE = 5

/** A pool beside the ORM's, opened as that one is. */
function searchPool({ constructor, options }: NativePool, { patience = 10, warn = () => {} }: ConnectOptions): ClosablePool {
  const Pool = constructor as new (options: object) => ClosablePool
  const seconds = Math.min(patience, SEARCH_PATIENCE)
  const prepare = { text: `${READING}; set statement_timeout = ${1_000 * seconds}`, query_timeout: 1_200 * patience }
  const onConnect = (client: PgClient) => client.query(prepare)
  const pool = new Pool({ ...options, password: options.password, min: 0, max: SEARCHERS, onConnect })
  // Without a listener, a connection that Postgres ends would end the process.
  pool.on('error', (error) => warn(`A connection for searches was lost: ${error.message}`))
  return pool
}

type ClosablePool = NativePool & { end(): Promise<void>; on(event: 'error', listener: (error: Error) => void): unknown }

const INT8 = 20
/**
 * A named statement keeps the plan of the table that it was first run on, which may have been empty: without these for ever a scan.
 * Planning anew for every page would take as long as reading it. Rows that a transaction of the host's holds are not waited for as long as
 * it may take: there are few connections.
 */
const READING = `set jit = off; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set random_page_cost = 1.1;
  set plan_cache_mode = force_generic_plan; set lock_timeout = 2000`
