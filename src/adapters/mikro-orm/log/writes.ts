import type { Cells, Table } from '../database/columns.ts'
import { type ChatInBatch } from './batch.ts'
import { type FoldedChanges, fold, type RowChange, update } from './changes.ts'
import { headCells, movedHead } from './rows.ts'

type Rows = ReadonlyMap<Table, readonly Cells[]>

/** What a batch writes. Deletions come before insertions, insertions before updates, updates before erasures. */
export interface Writes {
  /** Of chats that were there before. */
  readonly heads: readonly Cells[]
  readonly deletes: Rows
  readonly inserts: Rows
  readonly updates: Rows
  readonly erasures: readonly Cells[]
}

export function writesOf(batch: readonly ChatInBatch[]): Writes {
  const folded = fold(changesOf(batch))
  const heads = batch.flatMap(({ was, state: { chat } }) =>
    was && chat ? [movedHead(was.id, was.headSeq, chat, lastMessageAt(folded, was.id))] : [],
  )
  const { deletes, inserts, updates, erasures } = folded
  return { heads, deletes: rowsOf(deletes), inserts: rowsOf(inserts), updates: rowsOf(updates), erasures }
}

function* changesOf(batch: readonly ChatInBatch[]): Iterable<RowChange> {
  for (const { was, state, changes } of batch) {
    yield* changes
    if (!was && state.chat) yield update('chats', { id: state.chat.id, ...headCells(state.chat) })
  }
}

/** Taken out of the other updates of the chat: it goes with the head. */
function lastMessageAt({ updates }: FoldedChanges, chatId: string): Cells[string] {
  const chats = updates.get('chats')
  const cells = chats?.get(chatId)
  if (!cells) return null
  const { last_message_at: at = null, ...others } = cells
  if (Object.keys(others).length > 1) chats!.set(chatId, others)
  else chats!.delete(chatId)
  return at
}

const rowsOf = (all: FoldedChanges['inserts']): Rows => {
  const rows = new Map<Table, readonly Cells[]>()
  for (const [table, named] of all) if (named.size > 0) rows.set(table, [...named.values()])
  return rows
}

/** The message of a batch that sends one and changes nothing else. */
export const loneMessage = ({ heads, deletes, inserts, updates, erasures }: Writes): Cells | undefined => {
  const messages = inserts.get('messages')
  const isAlone = heads.length === 1 && inserts.size === 1 && messages?.length === 1
  return isAlone && deletes.size + updates.size + erasures.length === 0 ? messages[0] : undefined
}
