import type { Notification } from '../../../../application/ports/bus.ts'
import { type Cells, columnsOf, keyOf, listed, namingOf, pick, type Table } from '../../database/columns.ts'
import { memoized } from '../../database/memoized.ts'
import type { Statement } from '../../lane/round.ts'
import { over } from '../../lane/statements.ts'
import { ERASING, erasing } from '../erasing.ts'
import type { Writes } from '../writes.ts'
import { writeLog } from './statements.ts'

/** Sorted by it, so that two processes that make the same chats do not wait for each other. */
const CHATS_IN_ORDER = ' order by v.key, v.id'

const insertingInto = (table: Table, rest: string) => {
  const columns = columnsOf[table]
  return over(
    `insert_${table}`,
    columns,
    (rows) => `insert into {${table}} (${listed(columns)}) select ${listed(columns, 'v')} from ${rows}${rest}`,
  )
}
const inserting = memoized((table: Table) => insertingInto(table, table === 'chats' ? CHATS_IN_ORDER : ''))
/** In a transaction of somebody else's no statement may fail: returns a row where the chat was not there. */
const insertingUnlessThere = insertingInto('chats', `${CHATS_IN_ORDER} on conflict do nothing returning 1`)

/** A table and columns of it, as one text. */
const shapeOf = (table: Table, cells: Cells): string => `${table} ${Object.keys(pick(table, Object.keys(cells))).join(' ')}`
const fromShape = (shape: string) => {
  const [table, ...names] = shape.split(' ') as [Table, ...string[]]
  return { table, columns: pick(table, names), names }
}
const isSame = (names: readonly string[]): string => names.map((name) => `m.${name} = v.${name}`).join(' and ')

const updating = memoized((shape: string) => {
  const { table, columns, names } = fromShape(shape)
  const naming = namingOf(table, names)
  const set = names.filter((name) => !naming.includes(name)).map((name) => `${name} = v.${name}`)
  return over(`update_${table}`, columns, (rows) => `update {${table}} m set ${set.join(', ')} from ${rows} where ${isSame(naming)}`)
})
const deleting = memoized((shape: string) => {
  const { table, columns, names } = fromShape(shape)
  return over(`delete_${table}`, columns, (rows) => `delete from {${table}} m using ${rows} where ${isSame(names)}`)
})
const erasures = Object.entries(erasing('postgres')).map(([name, text]) => over(name, ERASING, text))

/** In the order in which receipts take them. */
const lockMembers = over(
  'lock_members',
  pick('members', keyOf.members),
  (rows) => `select from ${rows} cross join lateral (
    select from {members} m where m.chat_id = v.chat_id and m.user_id = v.user_id offset 0 for update) as m`,
)
const byKey = (one: Cells, other: Cells): number => (`${one.chat_id} ${one.user_id}` < `${other.chat_id} ${other.user_id}` ? -1 : 1)
const lockedMembers = ({ deletes, updates }: Writes): Cells[] =>
  [...(deletes.get('members') ?? []), ...(updates.get('members') ?? [])].filter(({ user_id }) => user_id !== undefined).toSorted(byKey)

interface Manner {
  /** In a transaction that somebody else ends. */
  readonly isOutside?: boolean
  /** What the transaction notifies at its commit. */
  readonly notification?: Notification | undefined
}

/** All that a batch writes, in the order in which it has to run. */
export function writing(writes: Writes, { isOutside = false, notification }: Manner = {}): Statement[] {
  const { heads, deletes, inserts, updates, erasures: erased } = writes
  const statements: Statement[] = []
  const chats = inserts.get('chats')
  if (chats) statements.push((isOutside ? insertingUnlessThere : inserting('chats'))(chats))
  if (heads.length > 0) statements.push(writeLog(writes, notification))
  const locked = lockedMembers(writes)
  if (locked.length > 0) statements.push(lockMembers(locked))
  for (const [table, rows] of deletes) for (const [shape, same] of byShape(table, rows)) statements.push(deleting(shape)(same))
  for (const [table, rows] of inserts) {
    const isWritten = table === 'chats' || (heads.length > 0 && (table === 'messages' || table === 'events'))
    if (!isWritten) statements.push(inserting(table)(rows))
  }
  for (const [table, rows] of updates) for (const [shape, same] of byShape(table, rows)) statements.push(updating(shape)(same))
  if (erased.length > 0) for (const erase of erasures) statements.push(erase(erased))
  return statements
}

const byShape = (table: Table, rows: readonly Cells[]) => Map.groupBy(rows, (cells) => shapeOf(table, cells))
