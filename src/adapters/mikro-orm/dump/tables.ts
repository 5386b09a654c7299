import { z } from 'zod'
import { columnsOf, type Table, type Type, tableNames } from '../database/columns.ts'
import { readingOrder, retention } from '../database/retention.ts'
import { entities } from '../database/schema.ts'

export interface DumpTable {
  readonly name: Table
  /** The table and its rows that a dump holds. */
  readonly from: string
  readonly order: string
  readonly booleans: readonly string[]
  readonly rows: z.ZodType
}

const CELLS: Readonly<Record<Type, z.ZodType>> = {
  uuid: z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  text: z.string(),
  int: z.int(),
  bigint: z.int(),
  boolean: z.boolean(),
}

/** The tables that one database can hand to another, derived from the schema. */
export const dumpTables: readonly DumpTable[] = tableNames
  .filter((name) => retention[name].isLocal !== true)
  .map((name) => ({
    name,
    from: retention[name].isLocal === undefined ? `{${name}}` : `{${name}} where not (${retention[name].isLocal})`,
    // What is read together is written together.
    order: readingOrder(name).join(', '),
    booleans: Object.entries(columnsOf[name]).flatMap(([column, type]) => (type === 'boolean' ? [column] : [])),
    rows: z.array(
      z.strictObject(Object.fromEntries(Object.entries(columnsOf[name]).map(([column, type]) => [column, cell(name, column, type)]))),
    ),
  }))
  .toSorted((a, b) => (a.name < b.name ? -1 : 1))

function cell(table: Table, column: string, type: Type): z.ZodType {
  const properties = entities[table].meta.properties as unknown as Readonly<Record<string, Property>>
  const { nullable: isNullable, defaultRaw } = properties[column]!
  // A dump of an earlier version does not have the columns that came later.
  if (isNullable) return CELLS[type].nullable().default(null)
  return defaultRaw === undefined ? CELLS[type] : CELLS[type].default(defaultOf(type, defaultRaw))
}

const defaultOf = (type: Type, raw: string) => (type === 'boolean' ? raw === 'true' : type === 'int' ? Number(raw) : raw.slice(1, -1))

interface Property {
  readonly nullable?: boolean
  /** As SQL has it. */
  readonly defaultRaw?: string
}
