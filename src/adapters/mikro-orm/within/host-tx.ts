import { columnsOf, tableNames } from '../database/columns.ts'
import type { NativeHandle, PgResult, PostgresDatabase, Row } from '../database/connect.ts'
import { memoized } from '../database/memoized.ts'
import { named } from '../lane/statements.ts'
import type { Run } from './inert.ts'

/** What is used of a client of `pg` that the host has checked out. */
interface ClientTx {
  query(query: {
    readonly name?: string
    readonly text: string
    readonly values: readonly unknown[]
    readonly types: object
  }): Promise<PgResult>
}
/** What is used of an `EntityManager` of MikroORM. */
interface OrmTx {
  getKysely(): unknown
  isInTransaction(): boolean
  getTransactionContext?(): unknown
  getConnection?(): { getNativeClient?(): Promise<unknown> }
}
interface KyselyTx {
  executeQuery(query: object): Promise<{ readonly rows: Row[]; readonly numAffectedRows?: bigint }>
}

/** What runs statements in the host's transaction on Postgres. */
export function hostTransaction(database: PostgresDatabase, given: object, isPrepared = false): Run {
  if (isOrm(given)) return throughKysely(given)
  if (isClient(given)) return throughClient(given, database, isPrepared)
  throw wrong('a client of pg or an EntityManager of MikroORM on Postgres')
}

/** The handle of the host's transaction on SQLite. */
export async function hostHandle(given: object): Promise<NativeHandle> {
  if (isHandle(given)) return given
  const native = isOrm(given) ? await given.getConnection?.().getNativeClient?.() : undefined
  if (typeof native === 'object' && native !== null && isHandle(native)) return native
  throw wrong('a handle of better-sqlite3 or an EntityManager of MikroORM on SQLite')
}

const wrong = (what: string) => new TypeError(`within() takes ${what}, on the database of the chat`)

const isHandle = (given: object): given is NativeHandle => 'inTransaction' in given && 'prepare' in given
const isOrm = (given: object): given is OrmTx => 'getKysely' in given && 'isInTransaction' in given
/** A pool would run each statement on another connection. */
export const isClient = (given: object): given is ClientTx => 'query' in given && 'release' in given && !('totalCount' in given)

/** Unnamed unless told otherwise, so that nothing is left on the connection; numbers arrive as on our own. */
const throughClient =
  (client: ClientTx, { pool }: PostgresDatabase, isPrepared: boolean): Run =>
  (text, values) =>
    client.query({ ...(isPrepared && values.length > 0 ? nameFor(text) : { text }), values, types: pool.options.types })
const nameFor = memoized((text: string) => named('windi_chat', text))

function throughKysely(em: OrmTx): Run {
  let n = 0
  return async (text, values) => {
    const kysely = em.isInTransaction() ? (em.getTransactionContext?.() as KyselyTx | undefined) : undefined
    if (!kysely) throw notBegun()
    const query = { kind: 'RawNode', sqlFragments: [text], parameters: [] }
    const { rows, numAffectedRows } = await kysely.executeQuery({
      sql: text,
      parameters: values,
      query,
      queryId: { queryId: `windi-${++n}` },
    })
    return { rows: rows.map(inNumbers), rowCount: Number(numAffectedRows ?? rows.length) }
  }
}

export const notBegun = (cause?: unknown) =>
  new Error('within() needs an open transaction: begin one on the same connection first', { cause })

const BIGINTS = new Set(
  tableNames.flatMap((name) => Object.entries(columnsOf[name]).flatMap(([column, type]) => (type === 'bigint' ? [column] : []))),
)
/** Counts, and times under another name. */
const COUNTS = ['total', 'n', 'unread', 'unread_mentions', 'member_at', 'read_since', 'user_last_seen_at']
for (const name of COUNTS) BIGINTS.add(name)

/** The host's ORM hands out `int8` as text: all of ours are times and counts. */
function inNumbers(row: Row): Row {
  let numbered: Record<string, unknown> | undefined
  for (const name in row) if (typeof row[name] === 'string' && BIGINTS.has(name)) (numbered ??= { ...row })[name] = Number(row[name])
  return numbered ?? row
}
