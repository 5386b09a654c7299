import type { Item } from '../copy/item.ts'
import type { RowMaker } from '../outbox/rows.ts'
import type { Sending } from '../outbox/sendings.ts'
import type { ChatItem } from '../types.ts'

interface Besides {
  readonly typing: readonly string[]
  readonly pending: readonly Sending[]
  readonly rows: RowMaker
}

/** A chat as lists show it. */
export function showItem(item: Item, { typing, pending, rows }: Besides): ChatItem {
  const { headSeq: _, ...shown } = item
  const { lastMessage, readByOthersSeq } = item
  const unsent = pending.flatMap((sending) => rows.ofSending(sending) ?? []).at(-1)
  const lastRow = unsent ?? (lastMessage && rows.ofMessage(lastMessage, readByOthersSeq))
  return { ...shown, lastRow, typing }
}

/** The order of lists: pinned chats, then what was last said in a chat, else when it was created, newest first. */
export const inOrder = (a: ChatItem, b: ChatItem): number =>
  Number(b.pinnedAt !== undefined) - Number(a.pinnedAt !== undefined) || shownAt(b) - shownAt(a) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)

const shownAt = ({ lastMessage, lastRow, createdAt }: ChatItem): number => Math.max(lastMessage?.at ?? createdAt, lastRow?.at ?? 0)
