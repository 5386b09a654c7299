import type { Value } from '../database/connect.ts'
import type { Cells } from '../log/writes.ts'
import type { Statement } from './round.ts'

type Type = 'uuid' | 'text' | 'int' | 'bigint'
export type Columns = Readonly<Record<string, Type>>

/**
 * Rows of parameters, for `from`: those of one row as they are, those of more as one array for each column. Postgres plans and runs the
 * first form for half the cost. `i` counts the rows from 0 where `isNumbered`.
 */
export function source(columns: Columns, isOne: boolean, { first = 1, isNumbered = false } = {}): string {
  const types = Object.values(columns)
  const names = [...Object.keys(columns), ...(isNumbered ? ['i'] : [])].join(', ')
  if (isOne) return `(values (${types.map((type, i) => `$${first + i}::${type}`).join(', ')}${isNumbered ? ', 1' : ''})) as v (${names})`
  const arrays = types.map((type, i) => `$${first + i}::${type}[]`).join(', ')
  return `unnest(${arrays})${isNumbered ? ' with ordinality' : ''} as v (${names})`
}

/** The parameters that `source` names. */
export function parameters(columns: Columns, rows: readonly Cells[], isOne: boolean): Value[] {
  const names = Object.keys(columns)
  if (isOne) return names.map((name) => rows[0]![name] ?? null)
  return names.map((name) => (isNumber(columns[name]!) ? numbers(rows, name) : texts(rows, name)))
}

const isNumber = (type: Type): boolean => type === 'int' || type === 'bigint'

/** Array literals, written here: the driver's own writing looks at every element several times. */
function numbers(rows: readonly Cells[], name: string): string {
  let literal = '{'
  for (const row of rows) literal += `${row[name] ?? 'null'},`
  return close(literal)
}

function texts(rows: readonly Cells[], name: string): string {
  let literal = '{'
  for (const row of rows) {
    const cell = row[name]
    literal += cell === null || cell === undefined ? 'null,' : `"${String(cell).replace(SPECIAL, '\\$&')}",`
  }
  return close(literal)
}

const close = (literal: string): string => (literal === '{' ? '{}' : `${literal.slice(0, -1)}}`)
const SPECIAL = /["\\]/g

export const list = (ids: readonly string[]): string => `{${ids.map((id) => `"${id.replace(SPECIAL, '\\$&')}"`).join()}}`

const named = new Map<string, string>()

/** The text of a prepared statement is put together once. */
export function prepared(name: string, text: () => string, values: readonly Value[]): Statement {
  let known = named.get(name)
  if (known === undefined) named.set(name, (known = text()))
  return { name, text: known, values }
}

export const names = (columns: Columns, of = 'v'): string =>
  Object.keys(columns)
    .map((name) => `${of}.${name}`)
    .join(', ')

/** One statement over rows, in its form for one and its form for many. */
export const over =
  (name: string, columns: Columns, text: (rows: string) => string, isNumbered = false) =>
  (rows: readonly Cells[]): Statement => {
    const isOne = rows.length === 1
    return prepared(isOne ? `${name}_1` : name, () => text(source(columns, isOne, { isNumbered })), parameters(columns, rows, isOne))
  }
