import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Migrator } from '@mikro-orm/migrations'
import type { MikroORM as PostgresOrm } from '@mikro-orm/postgresql'
import type { MikroORM as SqliteOrm } from '@mikro-orm/sqlite'
import { migrations as postgresMigrations } from './migrations/postgres/list.ts'
import { migrations as sqliteMigrations } from './migrations/sqlite/list.ts'
import { tables } from './schema.ts'

export type Value = string | number | null
export type Row = Readonly<Record<string, unknown>>

export interface Statement {
  all(parameters?: Readonly<Record<string, Value>>): Row[]
  iterate(): Iterable<Row>
  run(parameters?: Readonly<Record<string, Value>>): { readonly changes: number }
}

/** What is used of better-sqlite3, the ORM's driver for SQLite. */
export interface SqliteHandle {
  prepare(sql: string): Statement
  exec(sql: string): unknown
  pragma(sql: string): unknown
  backup(file: string): Promise<unknown>
  close(): unknown
  readonly inTransaction: boolean
}

interface TypeParsers {
  setTypeParser(oid: number, parse: (text: string) => unknown): void
}
export interface PgQuery {
  readonly name?: string
  readonly text: string
  readonly values?: readonly unknown[]
  readonly rowMode?: 'array'
  readonly query_timeout?: number
}
export interface PgResult {
  readonly rows: Row[]
  readonly rowCount: number | null
}
export interface PgClient {
  connect(): Promise<unknown>
  query(query: PgQuery | string): Promise<PgResult>
  end(): Promise<void>
  on(event: 'error' | 'end', listener: (error?: Error) => void): unknown
  on(event: 'notification', listener: (message: { readonly channel: string; readonly payload?: string }) => void): unknown
}
/** What is used of `pg`, the ORM's driver for Postgres. */
export interface PgPool {
  query(query: PgQuery | string): Promise<PgResult>
  connect(): Promise<PgClient & { release(broken?: boolean): void }>
  readonly Client: new (options: object) => PgClient
  /** All that the ORM's configuration says of connections. */
  readonly options: Readonly<Record<string, unknown>> & { readonly max: number; readonly types: TypeParsers }
}

interface Closable {
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
  /** A line on which a statement is not answered for so long is dead, whatever it says. */
  readonly patienceMs: number
}
export type Database = SqliteDatabase | PostgresDatabase

export interface ConnectOptions {
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
export async function connect(databaseUrl: string, options: ConnectOptions = {}): Promise<Database> {
  if (/^postgres(ql)?:\/\//.test(databaseUrl)) return connectPostgres(databaseUrl, options)
  if (databaseUrl.startsWith('sqlite:')) return connectSqlite(databaseUrl, options)
  throw new Error('A database URL begins with sqlite: or postgres://')
}

/** A driver is installed by whoever uses its database, and by nobody else. */
async function driver<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new Error(`this database needs a package that is not installed: npm install ${name}`, { cause: error })
  }
}

async function connectSqlite(url: string, { warn }: ConnectOptions): Promise<SqliteDatabase> {
  const { MikroORM } = await driver('@mikro-orm/sqlite', () => import('@mikro-orm/sqlite'))
  const file = databaseFile(url)
  if (file) makeOwn(file)
  const orm = await MikroORM.init({ dbName: file ?? ':memory:', entities: tables, ...common(sqliteMigrations, warn) })
  const handle = (await orm.em.getConnection().getNativeClient()) as unknown as SqliteHandle
  for (const pragma of SQLITE_PRAGMAS) handle.pragma(pragma)
  return { dialect: 'sqlite', orm, handle, file, close: () => orm.close(true) }
}

/**
 * What is acknowledged is on the disk; memory is bounded. Only while it is being opened does the thread wait for writers of other processes:
 * afterwards that is the callers' work, with timers, or one process that writes for seconds would stop the event loop of all others. The log in front of the file may have
 * 4,000 pages: what many messages touch is written back once, for a quarter more messages a second.
 */
const SQLITE_PRAGMAS = [
  'busy_timeout = 10000',
  'journal_mode = wal',
  'wal_autocheckpoint = 4000',
  'synchronous = full',
  'cache_size = -65536',
  'temp_store = memory',
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

async function connectPostgres(
  url: string,
  { poolSize = 8, patience = 10, applicationName = 'windi-chat', warn }: ConnectOptions,
): Promise<PostgresDatabase> {
  const { pathname, username } = new URL(url)
  const patienceMs = 1_200 * patience
  const prepare = { text: `${READING}; set statement_timeout = ${1_000 * patience}`, query_timeout: patienceMs }
  const { MikroORM } = await driver('@mikro-orm/postgresql', () => import('@mikro-orm/postgresql'))
  const orm = await MikroORM.init({
    dbName: decodeURIComponent(pathname.slice(1) || username || 'postgres'),
    entities: tables,
    pool: { min: 0, max: poolSize },
    driverOptions: {
      // As a whole: taken apart, its parameters (`sslmode`, a socket's folder) would be lost.
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      onConnect: (client: PgClient) => client.query(prepare),
    },
    ...common(postgresMigrations, warn),
  })
  const pool = (await orm.em.getConnection().getNativeClient()) as unknown as PgPool
  pool.options.types.setTypeParser(INT8, Number)
  return { dialect: 'postgres', orm, pool, patienceMs, close: () => orm.close(true) }
}

const INT8 = 20
/**
 * A named statement keeps the plan of the table that it was first run on, which may have been empty: without these for ever a scan.
 * Planning anew for every page would take as long as reading it.
 */
const READING = `set jit = off; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set random_page_cost = 1.1;
  set plan_cache_mode = force_generic_plan`

const common = (migrationsList: typeof sqliteMigrations, warn: ConnectOptions['warn']) => ({
  extensions: [Migrator],
  migrations: { migrationsList, snapshot: false, snapshotOnMigrate: false, tableName: 'migrations', silent: true },
  schemaGenerator: { skipTables: ['migrations', /^search_/], ignoreTriggers: true, ignoreRoutines: true },
  logger: (message: string) => warn?.(message),
  colors: false,
})
