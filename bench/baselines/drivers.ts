import { createRequire } from 'node:module'

/** The drivers that the ORM brings along: the limits are measured with the very same. */
const own = createRequire(import.meta.url)

export interface PgClient {
  connect(): Promise<unknown>
  query(query: { name?: string; text: string; values?: readonly unknown[] } | string): Promise<{ rows: Record<string, unknown>[] }>
  end(): Promise<void>
}
export const {
  Client: PgClient,
  Pool: PgPool,
  types: pgTypes,
} = createRequire(own.resolve('@mikro-orm/postgresql'))('pg') as {
  Client: new (options: object) => PgClient
  Pool: new (options: object) => Pick<PgClient, 'query' | 'end'>
  types: { setTypeParser(oid: number, parse: (text: string) => unknown): void }
}

export interface SqliteStatement {
  all(...parameters: unknown[]): Record<string, unknown>[]
  get(...parameters: unknown[]): Record<string, unknown> | undefined
  run(...parameters: unknown[]): unknown
}
export interface SqliteHandle {
  prepare(sql: string): SqliteStatement
  exec(sql: string): unknown
  pragma(sql: string): unknown
  close(): unknown
}
export const Sqlite = createRequire(own.resolve('@mikro-orm/sqlite'))('better-sqlite3') as new (file: string) => SqliteHandle
