import type { Value } from './connect.ts'
import { entities } from './schema.ts'

export type Table = keyof typeof entities
export type ColumnOf<T extends Table> = Extract<keyof (typeof entities)[T]['properties'], string>
export type Type = 'uuid' | 'text' | 'int' | 'bigint' | 'boolean'
/** Columns with their types, in the order of the schema. */
export type Columns = Readonly<Record<string, Type>>
/** Values of columns. */
export type Cells = Record<string, Value>
/** A value for every column of a table: leaving one out does not compile. */
export type RowOf<T extends Table> = Record<ColumnOf<T>, Value>

interface Property {
  readonly type: object
  readonly primary?: boolean
}
const TYPES: Readonly<Record<string, Type>> = {
  UuidType: 'uuid',
  TextType: 'text',
  IntegerType: 'int',
  BigIntType: 'bigint',
  BooleanType: 'boolean',
}
function typeOf({ type }: Property): Type {
  const name = typeof type === 'function' ? (type as { readonly name: string }).name : type.constructor.name
  const known = TYPES[name]
  if (!known) throw new Error(`defect: the schema has a column of type ${name}, which the statements do not know`)
  return known
}

const propertiesOf = (table: Table) => Object.entries(entities[table].meta.properties as unknown as Readonly<Record<string, Property>>)
export const tableNames = Object.keys(entities) as Table[]
const ofTables = <V>(value: (table: Table) => V) =>
  Object.fromEntries(tableNames.map((table) => [table, value(table)])) as { readonly [T in Table]: V }

/** The columns of every table: each list of columns in a statement is made from them. */
export const columnsOf = ofTables(
  (table): Columns => Object.fromEntries(propertiesOf(table).map(([name, column]) => [name, typeOf(column)])),
)
/** The columns of every primary key. */
export const keyOf = ofTables((table): readonly string[] => propertiesOf(table).flatMap(([name, { primary }]) => (primary ? [name] : [])))

/** Those of some columns of a table that name its row: of its key, and the chat, by which a large table may be divided. */
export const namingOf = (table: Table, columns: readonly string[]): readonly string[] =>
  columns.filter((name) => keyOf[table].includes(name) || name === 'chat_id')

/** These columns of a table, in the order of the schema. */
export const pick = (table: Table, names: readonly string[]): Columns =>
  Object.fromEntries(Object.entries(columnsOf[table]).filter(([name]) => names.includes(name)))
/** All columns of a table but these. */
export const without = <T extends Table>(table: T, names: readonly ColumnOf<T>[]): Columns =>
  Object.fromEntries(Object.entries(columnsOf[table]).filter(([name]) => !(names as readonly string[]).includes(name)))

/** Names of columns as a list for a statement, each behind the alias. */
export const listed = (columns: Columns, alias?: string): string =>
  Object.keys(columns)
    .map((name) => (alias === undefined ? name : `${alias}.${name}`))
    .join(', ')
