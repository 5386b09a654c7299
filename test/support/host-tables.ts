import { join } from 'node:path'
import { tableNames } from '../../src/adapters/mikro-orm/database/columns.ts'
import type { HostDatabase } from '../../src/adapters/mikro-orm/database/host.ts'
import { freshDatabase } from './databases.ts'
import { driversOf } from './drivers.ts'
import { tempFolder } from './places.ts'

export interface PgClient {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
  release(broken?: boolean): void
}
export interface PgPool {
  readonly options: object
  connect(): Promise<PgClient>
  query(text: string, values?: unknown[]): Promise<{ rows: readonly unknown[] }>
  end(): Promise<void>
  on(event: 'error', listener: () => void): unknown
}
export const { Pool } = driversOf('@mikro-orm/postgresql')('pg') as { readonly Pool: new (options: object) => PgPool }

export interface Sqlite {
  readonly inTransaction: boolean
  prepare(sql: string): { all(...values: unknown[]): unknown[]; run(...values: unknown[]): unknown }
  exec(sql: string): unknown
  pragma(sql: string): unknown
  close(): unknown
}
export const BetterSqlite = driversOf('@mikro-orm/sqlite')('better-sqlite3') as new (file: string, options?: object) => Sqlite

/** A program's database with tables of its own. */
export interface HostTables {
  readonly database: HostDatabase
  /** Runs a statement on the program's own connection. */
  run(text: string): Promise<readonly unknown[]>
  /** Rejects if its tables are not as they were. */
  close(): Promise<void>
}

const OWN = [...tableNames, 'migrations', 'search_blocks', 'search_people', 'search_places', 'search_packs', 'search_packed']
const made = OWN.map((name) => `create table ${name} (of_the_host int not null)`)
const filled = OWN.map((name) => `insert into ${name} values (7)`)
const counted = OWN.map((name) => `select count(*) as n, max(of_the_host) as v from ${name}`).join(' union all ')

async function requireUntouched(run: HostTables['run']): Promise<void> {
  const rows = (await run(counted)) as readonly { readonly n: unknown; readonly v: unknown }[]
  if (rows.some(({ n, v }) => Number(n) !== 1 || Number(v) !== 7)) throw new Error('a table of the host was changed')
}

/** A file with such tables, and its handle. */
export async function hostSqlite(): Promise<HostTables & { readonly handle: Sqlite; readonly file: string }> {
  const folder = await tempFolder()
  const file = join(folder.path, 'host.db')
  const handle = new BetterSqlite(file)
  handle.exec(['begin', ...made, ...filled, 'commit'].join(';'))
  const run = async (text: string) => {
    const statement = handle.prepare(text)
    return text.startsWith('select') ? statement.all() : [statement.run()]
  }
  return {
    database: { sqlite: handle },
    handle,
    file,
    run,
    async close() {
      await requireUntouched(run)
      handle.close()
      await folder.remove()
    },
  }
}

/** A database with such tables in the schema `public`, and a pool. */
export async function hostPostgres(): Promise<HostTables & { readonly pool: PgPool; readonly url: string }> {
  const { url, drop } = await freshDatabase()
  const pool = new Pool({ connectionString: url })
  pool.on('error', () => undefined)
  await pool.query([...made, ...filled].join(';'))
  const run = async (text: string) => (await pool.query(text)).rows
  return {
    database: { pool },
    pool,
    url,
    run,
    async close() {
      await requireUntouched(run)
      await pool.end()
      await drop()
    },
  }
}
