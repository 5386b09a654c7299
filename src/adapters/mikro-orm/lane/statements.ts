import { createHash } from 'node:crypto'
import type { Cells, Columns, Type } from '../database/columns.ts'
import type { Value } from '../database/connect.ts'
import type { Statement } from './round.ts'

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

/**
 * The name of a prepared statement: what it is for, and a digest of its text, since one connection keeps one text under a name for as long
 * as it lives.
 */
export const named = (purpose: string, text: string): Pick<Statement, 'name' | 'text'> => ({
  name: `${purpose}.${createHash('sha256').update(text).digest('base64url').slice(0, 12)}`,
  text,
})

/** One statement over rows, in its form for one and its form for many; each text is made once. */
export function over(purpose: string, columns: Columns, text: (rows: string) => string, isNumbered = false) {
  const forms = new Map<boolean, Pick<Statement, 'name' | 'text'>>()
  return (rows: readonly Cells[]): Statement => {
    const isOne = rows.length === 1
    let form = forms.get(isOne)
    if (!form) forms.set(isOne, (form = named(purpose, text(source(columns, isOne, { isNumbered })))))
    return { ...form, values: parameters(columns, rows, isOne) }
  }
}
