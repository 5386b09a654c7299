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
  const { deletes, inserts, updates, erasures } = fold(changesOf(batch))
  const heads = batch.flatMap(({ was, state: { chat }, listedAt }) => (was && chat ? [movedHead(was, chat, listedAt ?? null)] : []))
  return { heads, deletes: rowsOf(deletes), inserts: rowsOf(inserts), updates: rowsOf(updates), erasures }
}

/** The head of a chat that is new goes with its row. */
function* changesOf(batch: readonly ChatInBatch[]): Iterable<RowChange> {
  for (const { was, state, changes, deeds, listedAt } of batch) {
    yield* changes
    yield* deeds
    if (!was && state.chat)
      yield update('chats', { id: state.chat.id, ...headCells(state.chat), ...(listedAt && { last_message_at: listedAt }) })
  }
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
