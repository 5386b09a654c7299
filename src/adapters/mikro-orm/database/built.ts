import type { SelectQueryBuilder, SqlEntityManager } from '@mikro-orm/postgresql'
import type { Database } from './connect.ts'
import { type Parameter, queryOn } from './query.ts'

/** A text with its placeholders and their values. */
export interface Statement {
  toQuery(): { readonly sql: string; readonly params: readonly unknown[] }
}

/** The columns `F` of a row of the entity `E`. */
type Selected<E, F extends string> = Readonly<Pick<E, Extract<F, keyof E>>>

/**
 * Statements that the ORM's query builder makes from the schema, for calls whose speed does not matter. `query` runs them: the ORM itself
 * would write the values into the text, and put a connection that no longer answers back into the pool. Every text stays prepared, so it
 * must not depend on the length of a list.
 */
export interface Built {
  readonly em: Pick<SqlEntityManager, 'createQueryBuilder'>
  rows<E extends object, F extends string>(select: SelectQueryBuilder<E, never, never, never, never, F>): Promise<readonly Selected<E, F>[]>
  /** How many rows were changed. */
  change(statement: Statement): Promise<number>
}

export function builtOn(database: Database): Built {
  const query = queryOn(database)
  const em: SqlEntityManager = database.orm.em
  return {
    em,
    rows: async (select) => (await query(...numbered(select.toQuery()))) as readonly never[],
    change: (statement) => query.change(...numbered(statement.toQuery())),
  }
}

/** With `$1`, `$2` … for the builder's question marks. A text of the builder has no others: it consists of names and placeholders. */
export function numbered({ sql, params }: ReturnType<Statement['toQuery']>): [string, Parameter[]] {
  let n = 0
  const text = sql.replaceAll('?', () => `$${++n}`)
  if (n !== params.length) throw new Error(`defect: ${n} placeholders for ${params.length} parameters`)
  return [text, params.map((value) => (typeof value === 'boolean' ? Number(value) : (value as Parameter)))]
}
