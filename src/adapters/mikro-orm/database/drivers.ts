export type Value = string | number | null
export type Row = Readonly<Record<string, unknown>>

/** Where the tables are: in a schema of Postgres, or behind a prefix in a SQLite file. Neither: where the connection looks by itself. */
export interface Place {
  readonly schema?: string | undefined
  readonly prefix?: string | undefined
}

/** Replaces every `{name}` of a statement by the name at its place. */
export type Names = (text: string) => string

export interface Statement {
  all(parameters?: Readonly<Record<string, Value>>): Row[]
  iterate(): Iterable<Row>
  run(parameters?: Readonly<Record<string, Value>>): { readonly changes: number }
}

/** What is used of better-sqlite3, the ORM's driver for SQLite. */
export interface NativeHandle {
  prepare(sql: string): Statement
  exec(sql: string): unknown
  pragma(sql: string): unknown
  backup(file: string): Promise<unknown>
  close(): unknown
  readonly inTransaction: boolean
}
/** The same for statements with `{names}`. */
export interface SqliteHandle extends NativeHandle {
  readonly native: NativeHandle
  readonly names: Names
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
/** What is used of `pg`, the ORM's driver for Postgres. Its statements have `{names}`. */
export interface PgPool {
  query(query: PgQuery | string): Promise<PgResult>
  /** `native` takes statements without `{names}`. */
  connect(): Promise<PgClient & { release(broken?: boolean): void; readonly native: object }>
  readonly names: Names
  readonly counts: () => { readonly totalCount: number; readonly idleCount: number; readonly waitingCount: number }
  readonly Client: new (options: object) => PgClient
  /** All that the ORM's configuration says of connections. */
  readonly options: Readonly<Record<string, unknown>> & { readonly max: number; readonly types: TypeParsers }
}
