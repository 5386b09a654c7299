import type { Names, PgClient, PgPool, PgQuery, Place, SqliteHandle } from './drivers.ts'

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
const LENGTHS = { schema: 40, prefix: 20 }

/** Does so once for each text. */
export function namesAt({ schema, prefix }: Place): Names {
  for (const [what, name] of Object.entries({ schema, prefix }))
    if (name !== undefined && (!NAME.test(name) || name.length > LENGTHS[what as keyof Place]))
      throw new TypeError(
        `${what}: ${JSON.stringify(name)} is not a name of letters, digits and underscores, at most ${LENGTHS[what as keyof Place]}`,
      )
  const at = (name: string) => (schema === undefined ? `${prefix ?? ''}${name}` : `"${schema}"."${name}"`)
  const known = new Map<string, string>()
  return (text) => {
    let placed = known.get(text)
    if (placed === undefined) known.set(text, (placed = text.replace(PLACEHOLDER, (_, name: string) => at(name))))
    return placed
  }
}

const PLACEHOLDER = /\{([a-z][a-z0-9_]*)\}/g

/** A number of the store, for what several in one database share and no schema holds: locks and channels. 0 without a schema. */
export function markOf({ schema = '' }: Place): number {
  let hash = 0
  for (let i = 0; i < schema.length; i++) hash = (Math.imul(hash, 31) + schema.charCodeAt(i)) | 0
  return hash >>> 0
}

/** The channel of Postgres on which the processes of one store hear each other. */
export const channelAt = (place: Place): string => (place.schema === undefined ? 'windi_chat' : `windi_chat_${markOf(place).toString(36)}`)

/** A pool that puts the names into each statement. */
export function namingPool(pool: NativePool, names: Names): PgPool {
  const clients = new WeakMap<NativeClient, ReturnType<typeof namingClient>>()
  return {
    query: (query) => pool.query(named(query, names)),
    async connect() {
      const native = await pool.connect()
      let client = clients.get(native)
      if (!client) clients.set(native, (client = namingClient(native, names)))
      return client
    },
    Client: pool.Client,
    options: pool.options,
    names,
    counts: () => pool,
  }
}

export type NativePool = Omit<PgPool, 'names' | 'counts' | 'connect'> & ReturnType<PgPool['counts']> & { connect(): Promise<NativeClient> }
type NativeClient = PgClient & { release(broken?: boolean): void }

const namingClient = (native: NativeClient, names: Names) => ({
  connect: () => native.connect(),
  query: (query: PgQuery | string) => native.query(named(query, names)),
  end: () => native.end(),
  on: native.on.bind(native),
  release: (isBroken?: boolean) => native.release(isBroken),
  native,
})

const named = (query: PgQuery | string, names: Names): PgQuery | string =>
  typeof query === 'string' ? names(query) : { ...query, text: names(query.text) }

/** A SQLite handle that puts the names into each statement. */
export const namingHandle = (native: SqliteHandle['native'], names: Names): SqliteHandle => ({
  prepare: (text) => native.prepare(names(text)),
  exec: (text) => native.exec(names(text)),
  pragma: (text) => native.pragma(text),
  backup: (file) => native.backup(file),
  close: () => native.close(),
  get inTransaction() {
    return native.inTransaction
  },
  native,
  names,
})
