import { showMessage } from '../calls/read-wire.ts'
import { type Item, lastMessageOf } from '../copy/item.ts'
import type { Sending } from '../outbox/outbox.ts'
import type { RowMaker } from '../outbox/rows.ts'
import type { ChatItem } from '../types.ts'

/** A chat as lists show it; undefined for one that holds nothing to show. */
export function showItem(
  item: Item,
  { me, typing, pending, rows }: { me: string; typing: readonly string[]; pending: readonly Sending[]; rows: RowMaker },
): ChatItem | undefined {
  const { chat, members } = item.state
  if (!chat) return undefined
  const last = lastMessageOf(item)
  const unsent = pending.flatMap((sending) => rows.ofSending(sending) ?? []).at(-1)
  return {
    id: chat.id,
    kind: chat.kind,
    name: chat.name,
    createdAt: chat.createdAt,
    partner: item.partner,
    memberCount: chat.memberCount,
    role: members.get(me as never)?.role ?? 'member',
    readSeq: item.readSeq,
    readByOthersSeq: item.readByOthers,
    unread: item.unread,
    lastMessage: last && showMessage(last),
    lastRow: unsent ?? (last && rows.ofMessage(last, item.readByOthers)),
    typing,
  }
}

/** When something was last said in a chat, else when it was made: what lists go by. */
export const activityOf = ({ lastMessage, lastRow, createdAt }: ChatItem): number =>
  Math.max(lastMessage?.at ?? createdAt, lastRow?.at ?? 0)
