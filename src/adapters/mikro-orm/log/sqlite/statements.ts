import { eachPart } from '../../../../domain/parts.ts'
import { type Cells, columnsOf, listed, namingOf, type Table } from '../../database/columns.ts'
import { memoized } from '../../database/memoized.ts'
import { ERASING, erasing } from '../erasing.ts'
import { type Part, partOf, selectedOf } from '../parts.ts'
import { chatColumns } from '../rows.ts'
import type { Writes } from '../writes.ts'

export const READ_CHAT = {
  byId: `select ${chatColumns()} from {chats} where id = :name`,
  byKey: `select ${chatColumns()} from {chats} where key = :name`,
}

const named = (column: string) => `:${column}`
const reading = ({ table, isOfChat, where, select, join }: Part<unknown, unknown>): string =>
  `select ${selectedOf({ select }, named)} from {${table}} m ${join} where ${where(named, ':chat_id')}${isOfChat ? ' and m.chat_id = :chat_id' : ''}`

/** Reads one row of a part, by the columns of its name and by its chat. */
export const READ_PART = eachPart((name) => reading(partOf(name)))

const MOVE_HEAD = `update {chats} set head_seq = :head_seq, head_n = :head_n, head_at = :head_at,
  last_message_at = coalesce(:last_message_at, last_message_at), guard = :guard where id = :chat_id`
const ERASED = Object.keys(ERASING).map((name) => `:${name} as ${name}`)
const ERASE = Object.values(erasing('sqlite')).map((text) => text(`(select ${ERASED.join(', ')}) as v`))

const isSame = (names: readonly string[]): string => names.map((name) => `${name} = :${name}`).join(' and ')
const inserting = memoized((table: Table): string => {
  const columns = columnsOf[table]
  return `insert into {${table}} (${listed(columns)}) values (:${Object.keys(columns).join(', :')})`
})
const deleting = (table: Table, cells: Cells): string => `delete from {${table}} where ${isSame(Object.keys(cells))}`
function updating(table: Table, cells: Cells): string {
  const naming = namingOf(table, Object.keys(cells))
  const changed = Object.keys(cells).filter((name) => !naming.includes(name))
  return `update {${table}} set ${changed.map((name) => `${name} = :${name}`).join(', ')} where ${isSame(naming)}`
}

/** All that a batch writes, row by row, in the order in which it has to run. */
export function* writing({ heads, deletes, inserts, updates, erasures }: Writes): Iterable<readonly [text: string, cells: Cells]> {
  for (const cells of heads) yield [MOVE_HEAD, cells]
  for (const [table, rows] of deletes) for (const cells of rows) yield [deleting(table, cells), cells]
  for (const [table, rows] of inserts) {
    const text = inserting(table)
    for (const cells of rows) yield [text, cells]
  }
  for (const [table, rows] of updates) for (const cells of rows) yield [updating(table, cells), cells]
  for (const cells of erasures) for (const text of ERASE) yield [text, cells]
}
