import type { Place } from './drivers.ts'

/** A pool of `pg`: its settings are used, and its connections by transactions of the host's. */
export interface HostPool {
  readonly options: object
  connect(): Promise<HostClient>
}
export interface HostClient {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
  release(): unknown
}
/** A MikroORM of version 7, on Postgres or SQLite. */
export interface HostOrm {
  readonly em: {
    fork(): HostEntityManager
    getConnection(): { getNativeClient?(): Promise<unknown> }
  }
}
export interface HostEntityManager {
  begin(): Promise<void>
  commit(): Promise<void>
  rollback(): Promise<void>
  getKysely(): unknown
  isInTransaction(): boolean
}
/** A handle of `better-sqlite3` on a file. */
export interface HostHandle {
  readonly inTransaction: boolean
  prepare(sql: string): unknown
}

/** The database of the program that has the chat, and where in it the chat's tables are. */
export type HostDatabase =
  /** The schema is `windi_chat` unless named, and made if it is not there. */
  | { readonly pool: HostPool; readonly schema?: string }
  | { readonly orm: HostOrm; readonly schema?: string; readonly prefix?: string }
  /** The prefix is `windi_` unless named. */
  | { readonly sqlite: HostHandle; readonly prefix?: string }

export interface HostHandles {
  readonly pool?: HostPool
  readonly orm?: HostOrm
  readonly sqlite?: HostHandle
}

type Settings =
  | { readonly dialect: 'sqlite'; readonly file: string; readonly place: Place; readonly handles: HostHandles }
  | {
      readonly dialect: 'postgres'
      readonly dbName: string
      readonly address: string
      readonly settings: Readonly<Record<string, unknown>>
      readonly place: Place
      readonly handles: HostHandles
    }

const SCHEMA = 'windi_chat'
const PREFIX = 'windi_'

/** How the host's database is opened once more. */
export async function settingsOf(host: HostDatabase): Promise<Settings> {
  requireOne(host)
  if ('pool' in host) return ofPool(host.pool, host.schema, { pool: host.pool })
  if ('sqlite' in host) return ofHandle(host.sqlite, host.prefix, { sqlite: host.sqlite })
  const native = await host.orm.em.getConnection().getNativeClient?.()
  if (isPool(native)) {
    if (host.prefix !== undefined) throw new TypeError('On Postgres the tables are in a schema: name one instead of a prefix')
    return ofPool(native, host.schema, { orm: host.orm })
  }
  if (!isHandle(native)) throw new TypeError('database({ orm }) takes a MikroORM of version 7 on Postgres or SQLite')
  if (host.schema !== undefined) throw new TypeError('SQLite has no schemas: name a prefix')
  return ofHandle(native, host.prefix, { orm: host.orm })
}

const NAMES = { pool: ['schema'], orm: ['schema', 'prefix'], sqlite: ['prefix'] } as const

function requireOne(host: object): void {
  const [kind, ...others] = Object.keys(NAMES).filter((name) => name in host) as (keyof typeof NAMES)[]
  if (kind === undefined || others.length > 0) throw new TypeError('database() takes a URL, { pool }, { orm } or { sqlite }')
  const unknown = Object.keys(host).filter((name) => name !== kind && !(NAMES[kind] as readonly string[]).includes(name))
  if (unknown.length > 0)
    throw new TypeError(`database({ ${kind} }) has no option ${unknown.map((name) => JSON.stringify(name)).join(', ')}`)
}

const isPool = (native: unknown): native is HostPool =>
  typeof native === 'object' && native !== null && 'totalCount' in native && 'options' in native
const isHandle = (native: unknown): native is HostHandle => typeof native === 'object' && native !== null && 'inTransaction' in native

/** What `pg` makes of settings, of `PG…` variables and of its defaults. */
interface Resolved {
  readonly host?: string | undefined
  readonly port?: unknown
  readonly user?: unknown
  readonly database?: string | undefined
  readonly password?: unknown
  readonly ssl?: unknown
}
interface PgPoolItself extends HostPool {
  readonly Client: new (options: object) => { readonly connectionParameters?: Resolved }
}

function ofPool(pool: HostPool, schema: string | undefined, handles: HostHandles): Settings {
  const { Client, options } = pool as PgPoolItself
  if (typeof Client !== 'function') throw new TypeError('database({ pool }) takes a pool of pg')
  const given = options as Resolved & { readonly options?: unknown }
  // A password is no enumerable member.
  const { connectionParameters = given } = new Client({ ...given, password: given.password })
  const { host, port, user, database, password, ssl } = connectionParameters
  const startup = typeof given.options === 'string' ? { options: given.options } : {}
  return {
    dialect: 'postgres',
    dbName: database ?? 'postgres',
    address: `${host ?? ''}/${database ?? ''}`,
    settings: { host, port, user, database, password, ssl, ...startup },
    place: { schema: schema ?? SCHEMA },
    handles,
  }
}

function ofHandle(handle: HostHandle, prefix: string | undefined, handles: HostHandles): Settings {
  const { name, memory } = handle as HostHandle & { readonly name?: unknown; readonly memory?: unknown }
  if (typeof name !== 'string' || memory !== false)
    throw new TypeError('A chat beside a host needs a SQLite file: what is in memory belongs to one handle')
  return { dialect: 'sqlite', file: name, place: { prefix: prefix ?? PREFIX }, handles }
}
