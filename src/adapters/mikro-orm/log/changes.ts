import { type Cells, type ColumnOf, keyOf, type RowOf, type Table } from '../database/columns.ts'
import type { Value } from '../database/connect.ts'

/** A change of a row: what is done to which table, with which values. */
export type RowChange =
  /** A whole row. */
  | { readonly does: 'insert'; readonly table: Table; readonly cells: Cells }
  /** The primary key, and the columns that change. */
  | { readonly does: 'update'; readonly table: Table; readonly cells: Cells }
  /** Columns that name one row or several. */
  | { readonly does: 'delete'; readonly table: Table; readonly cells: Cells }
  /** All messages of a user in a chat below `seq`. */
  | { readonly does: 'erase'; readonly table: 'messages'; readonly cells: Erasure }

export interface Erasure extends Cells {
  readonly chat_id: string
  readonly user_id: string
  readonly seq: number
  readonly at: number
}

export const insert = <T extends Table>(table: T, cells: RowOf<T>): RowChange => ({ does: 'insert', table, cells })
export const update = <T extends Table>(table: T, cells: { readonly [C in ColumnOf<T>]?: Value }): RowChange => ({
  does: 'update',
  table,
  cells: cells as Cells,
})
export const remove = <T extends Table>(table: T, cells: { readonly [C in ColumnOf<T>]?: Value }): RowChange => ({
  does: 'delete',
  table,
  cells: cells as Cells,
})
export const erase = (cells: Erasure): RowChange => ({ does: 'erase', table: 'messages', cells })

type Rows = Map<Table, Map<string, Cells>>

/** What is left of many changes, each row once. Deletions come first, then insertions, updates, erasures. */
export interface FoldedChanges {
  readonly deletes: Rows
  readonly inserts: Rows
  readonly updates: Rows
  readonly erasures: Cells[]
}

/** Changes in their order, as few as have the same effect: an update of a row that was just inserted becomes part of it. */
export function fold(changes: Iterable<RowChange>): FoldedChanges {
  const folded: FoldedChanges = { deletes: new Map(), inserts: new Map(), updates: new Map(), erasures: [] }
  for (const { does, table, cells } of changes) STEPS[does](folded, table, cells)
  return folded
}

const STEPS: Record<RowChange['does'], (folded: FoldedChanges, table: Table, cells: Cells) => void> = {
  insert: ({ inserts }, table, cells) => void rowsOf(inserts, table).set(nameOf(table, cells), cells),
  update({ inserts, updates }, table, cells) {
    const name = nameOf(table, cells)
    const inserted = inserts.get(table)?.get(name)
    if (inserted) Object.assign(inserted, cells)
    else {
      const rows = rowsOf(updates, table)
      const before = rows.get(name)
      if (before) Object.assign(before, cells)
      else rows.set(name, cells)
    }
  },
  delete({ deletes, inserts, updates }, table, cells) {
    for (const written of [inserts, updates]) forget(written.get(table), cells)
    rowsOf(deletes, table).set(Object.values(cells).join(' '), cells)
  },
  erase: ({ erasures }, _table, cells) => void erasures.push(cells),
}

function rowsOf(all: Rows, table: Table): Map<string, Cells> {
  let rows = all.get(table)
  if (!rows) all.set(table, (rows = new Map()))
  return rows
}

function nameOf(table: Table, cells: Cells): string {
  const key = keyOf[table]
  let name = cells[key[0]!] as string
  for (let i = 1; i < key.length; i++) name += ` ${cells[key[i]!]}`
  return name
}

function forget(rows: Map<string, Cells> | undefined, named: Cells): void {
  if (!rows) return
  const wanted = Object.entries(named)
  for (const [name, cells] of rows) if (wanted.every(([column, value]) => cells[column] === value)) rows.delete(name)
}
