import type { MessageView } from '../../application/ports/views.ts'
import type { UserId } from '../../domain/ids.ts'
import type { Message } from '../../domain/message.ts'
import { NO_REACTIONS, ownKey, type Reactions, shownOf } from '../../domain/reaction.ts'
import { isRead } from '../../domain/receipt.ts'
import { type lowestMarks, type MemoryStore, withNames } from './store.ts'

interface Shown {
  readonly message: Message
  readonly lowest: ReturnType<typeof lowestMarks>
  readonly viewer: UserId
}

export function viewed(store: MemoryStore, { message, lowest, viewer }: Shown): MessageView {
  const now = withNames(store, message)
  return {
    message: now,
    isRead: isRead({ seq: message.seq, senderId: message.sender.id }, lowest),
    reactions: reactionsTo(store, message, viewer),
  }
}

/** `viewer`: whose own reactions are shown. */
export function reactionsTo(store: MemoryStore, { id, chatId }: Message, viewer: UserId | undefined): Reactions {
  const { sums, own } = store.chats.get(chatId)!.state
  const tally = sums.get(id)
  const mine = viewer && (own.get(ownKey(id, viewer)) ?? [])
  return { ...NO_REACTIONS, ...tally, own: mine && shownOf(tally?.sums ?? [], mine) }
}
