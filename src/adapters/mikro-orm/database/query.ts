import { setTimeout as pause } from 'node:timers/promises'
import { Refusal } from '../../../domain/refusal.ts'
import type { Database, PgPool, PostgresDatabase, Row, SqliteHandle, Statement } from './connect.ts'
import { inTransaction, sqliteTrouble } from './preparing.ts'

export type Parameter = string | number | null | readonly string[] | readonly number[]

/**
 * Plain rows for statements that both databases understand, written with `$1`, `$2` …; where they differ, it has the words of each.
 * Every text is prepared once and kept: texts are made of constants, values are always parameters.
 */
export interface Query {
  (text: string, parameters: readonly Parameter[]): Promise<readonly Row[]>
  /** How many rows were changed. */
  readonly change: (text: string, parameters: readonly Parameter[]) => Promise<number>
  /** Runs statements in one transaction: all take effect, or none. Returns how many rows each has changed or locked. */
  readonly together: (statements: readonly (readonly [text: string, parameters: readonly Parameter[]])[]) => Promise<readonly number[]>
  /** `column` is one of the ids that parameter `n` lists. */
  readonly among: (column: string, n: number) => string
  /** `column` is one of the texts that parameter `n` lists. */
  readonly amongTexts: (column: string, n: number) => string
  /** Rows `a (session_id, user_id, via, key_id, issued_at)` of the lists that are the first five parameters. */
  readonly accesses: string
  /** `column` contains parameter `n`, which `part` has made. */
  readonly contains: (column: string, n: number) => string
  readonly part: (text: string) => string
  /** Rows `u (id, at)` of the lists of ids and times that are the first two parameters. */
  readonly timesOfIds: string
  /** Rows `g (chat_id, block)` of the lists that are parameters 2 and 3. A join by both reaches the partitions of these chats alone. */
  readonly blocks: string
  readonly isPostgres: boolean
}

/** The same for the same connection: names of prepared statements belong to all who use it. */
export function queryOn(database: Database): Query {
  let query = queries.get(database)
  if (!query) queries.set(database, (query = database.dialect === 'sqlite' ? sqliteQuery(database.handle) : postgresQuery(database)))
  return query
}

const queries = new WeakMap<Database, Query>()

/**
 * What comes before statements that run `together`: whoever adds to a chat waits for whoever does, too, so that numbers and members that are looked
 * at hold. On SQLite all changes wait for each other.
 */
export const lockingChat = ({ isPostgres }: Pick<Query, 'isPostgres'>, chatId: string) =>
  isPostgres ? [['select 1 from {chats} where id = $1 for no key update', [chatId]] as const] : []

function sqliteQuery(handle: SqliteHandle): Query {
  const prepared = new Map<string, Statement>()
  const prepare = (text: string) => {
    let statement = prepared.get(text)
    if (!statement) prepared.set(text, (statement = handle.prepare(text)))
    return statement
  }
  const named = (parameters: readonly Parameter[]) =>
    Object.fromEntries(parameters.map((value, i) => [i + 1, typeof value === 'object' && value !== null ? JSON.stringify(value) : value]))
  return Object.assign((text: string, parameters: readonly Parameter[]) => patiently(() => prepare(text).all(named(parameters))), {
    change: (text: string, parameters: readonly Parameter[]) => patiently(() => prepare(text).run(named(parameters)).changes),
    together: (statements: readonly (readonly [string, readonly Parameter[]])[]) =>
      patiently(() => inTransaction(handle, () => statements.map(([text, parameters]) => prepare(text).run(named(parameters)).changes))),
    among: (column: string, n: number) => `${column} in (select value from json_each($${n}))`,
    amongTexts: (column: string, n: number) => `${column} in (select value from json_each($${n}))`,
    accesses: `(select value as session_id, $2 ->> key as user_id, $3 ->> key as via, $4 ->> key as key_id, $5 ->> key as issued_at
      from json_each($1)) a`,
    contains: (column: string, n: number) => `instr(${column}, $${n}) > 0`,
    part: (text: string) => text,
    timesOfIds: '(select value as id, $2 ->> key as at from json_each($1)) u',
    blocks: '(select value as chat_id, $3 ->> key as block from json_each($2)) g',
    isPostgres: false,
  })
}

/** Waits while another process writes, without holding the event loop. */
export async function patiently<T>(work: () => T): Promise<T> {
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error)) throw error
      if (waited >= BUSY_PATIENCE_MS) throw new Refusal('overloaded')
      await pause(LOOK_AGAIN_MS)
    }
  }
}
const LOOK_AGAIN_MS = 20
const BUSY_PATIENCE_MS = 10_000
const isBusy = (error: unknown): boolean => sqliteTrouble(error) === 'busy'

function postgresQuery({ pool, patienceMs }: PostgresDatabase): Query {
  const names = new Map<string, string>()
  const run = (text: string, values: readonly Parameter[]) => {
    let name = names.get(text)
    if (!name) names.set(text, (name = `q${names.size + 1}`))
    return pool.query({ name, text, values, query_timeout: patienceMs })
  }
  return Object.assign(
    async (text: string, parameters: readonly Parameter[]) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return (await run(text, parameters)).rows
        } catch (error) {
          if (!isLost(error) || attempt === READ_ATTEMPTS) return unavailable(error)
        }
      }
    },
    {
      change: async (text: string, parameters: readonly Parameter[]) => (await run(text, parameters).catch(unavailable)).rowCount ?? 0,
      together: (statements: readonly (readonly [string, readonly Parameter[]])[]) => together(pool, statements).catch(unavailable),
      among: (column: string, n: number) => `${column} = any($${n}::uuid[])`,
      amongTexts: (column: string, n: number) => `${column} = any($${n}::text[])`,
      accesses: 'unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::bigint[]) as a (session_id, user_id, via, key_id, issued_at)',
      contains: (column: string, n: number) => `${column} like $${n}`,
      part: (text: string) => `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`,
      timesOfIds: 'unnest($1::uuid[], $2::bigint[]) as u (id, at)',
      blocks: 'unnest($2::uuid[], $3::int[]) as g (chat_id, block)',
      isPostgres: true,
    },
  )
}

async function together(pool: PgPool, statements: readonly (readonly [string, readonly Parameter[]])[]): Promise<readonly number[]> {
  const client = await pool.connect()
  let isBroken = true
  try {
    await client.query('begin')
    const counts: number[] = []
    for (const [text, values] of statements) counts.push((await client.query({ text, values })).rowCount ?? 0)
    await client.query('commit')
    isBroken = false
    return counts
  } catch (error) {
    await client.query('rollback').then(
      () => (isBroken = false),
      () => undefined,
    )
    throw error
  } finally {
    client.release(isBroken)
  }
}

/** Reading again does no harm, and the next connection of the pool may be another that has just been lost. */
const READ_ATTEMPTS = 3

const LOST = new Set(['57P01', '57P02', '57P03', '08000', '08003', '08006', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])

/** Did the connection go, or could there be none. What was asked of it may have happened. */
export const isLost = (error: unknown): boolean => {
  const { code, message } = error as { readonly code?: string; readonly message?: string }
  return (
    LOST.has(code ?? '') ||
    /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|Query read timeout/.test(
      message ?? '',
    )
  )
}

/** A transaction of the host's holds the row, or is about to write the same value. */
const isHeld = (error: unknown): boolean => (error as { readonly code?: string }).code === '55P03'

export function unavailable(error: unknown): never {
  throw isLost(error) || isHeld(error) ? new Refusal('overloaded') : error
}

/** Whether a row with the same unique value is there already. */
export const isDuplicate = (error: unknown): boolean =>
  ['23505', 'SQLITE_CONSTRAINT_UNIQUE'].includes((error as { code?: string }).code ?? '')

export const INT_MAX = 2_147_483_647
/** A number as a column of whole numbers can hold it: one that is out of its range lies behind everything that is in it. */
export const whole = (value: number): number => Math.trunc(Math.min(Math.max(value || 0, -INT_MAX), INT_MAX))
export const time = (value: number): number => Math.trunc(Math.min(Math.max(value || 0, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER))

/** Can it be in the database at all. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** The last time that a UUIDv7 can have. */
const LAST_TIME = 2 ** 48 - 1

/** No UUIDv7 made at or after this time comes before it. */
export function firstIdAt(at: number): string {
  const hex = Math.min(Math.max(0, time(at)), LAST_TIME)
    .toString(16)
    .padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`
}
