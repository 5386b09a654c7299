import type { Database, Row } from '../../../src/adapters/mikro-orm/database/connect.ts'
import { queryOn } from '../../../src/adapters/mikro-orm/database/query.ts'

/** What a store holds, by place: of a database `table.column`, of memory a path. */
export type Flat = ReadonlyMap<string, readonly string[]>

/** Places at which two stores do not hold the same. */
export const differences = (one: Flat, other: Flat): string[] =>
  [...new Set([...one.keys(), ...other.keys()])]
    .filter((place) => JSON.stringify(one.get(place)) !== JSON.stringify(other.get(place)))
    .sort()

/** Of one installation: names that were drawn, and when tables were made. */
const OF_ITS_OWN = /^(settings|migrations|sqlite_sequence)$/
/** By the clock of the database. */
const TIMES = /^(consumers\.(created_at|from_at)|leases\.until)$/
/** The first row of a full text index counts how many words there have ever been. */
const isCount = (table: string, { id }: Row) => table.endsWith('_data') && id === 1

/** Every column of every table that there is, also of those that no schema describes, such as the parts of a full text index. */
export async function flatTables(database: Database): Promise<Flat> {
  const query = queryOn(database)
  const tables = query.isPostgres
    ? `select table_name as name from information_schema.tables where table_schema = 'public'`
    : `select name from sqlite_master where type = 'table' and sql not like 'create virtual%'`
  const flat = new Map<string, string[]>()
  for (const { name } of await query(tables, [])) {
    if (OF_ITS_OWN.test(name as string)) continue
    const table = name as string
    const rows = (await query(`select * from ${table}`, [])).filter((row) => !isCount(table, row))
    for (const column of Object.keys(rows[0] ?? {}))
      if (!TIMES.test(`${table}.${column}`)) flat.set(`${table}.${column}`, rows.map((row) => asText(row[column])).sort())
  }
  return flat
}

const asText = (value: unknown): string => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value))

/** Everything that a value in memory holds. */
export function flatMemory(value: unknown): Flat {
  const flat = new Map<string, string[]>()
  const seen = new Set<unknown>()
  const walk = (held: unknown, path: string): void => {
    if (typeof held !== 'object' || held === null) return void flat.set(path, [...(flat.get(path) ?? []), String(held)])
    if (seen.has(held)) return
    seen.add(held)
    const parts: [unknown, unknown][] =
      held instanceof Map ? [...held] : held instanceof Set ? [...held].map((one) => [one, true]) : Object.entries(held)
    for (const [key, part] of parts) walk(part, `${path}.${JSON.stringify(key)}`)
  }
  walk(value, '')
  return flat
}
