import type { ChatState } from '../../../domain/decision.ts'
import type { EventOf } from '../../../domain/event.ts'
import type { ChatId, MessageId, Seq, UserId } from '../../../domain/ids.ts'
import type { Pin } from '../../../domain/pin.ts'
import { emojiOf } from '../../../domain/reaction.ts'
import type { Row } from '../database/connect.ts'
import { sumsText } from '../database/tally.ts'
import { insert, type RowChange, remove } from './changes.ts'

export const pinOf = (row: Row): Pin => ({
  messageId: row.message_id as MessageId,
  messageSeq: row.message_seq as number,
  senderId: row.sender_id as UserId,
  pinSeq: row.pin_seq as number,
  userId: row.user_id as UserId,
  at: row.at as number,
})

export function reacted({ chatId, messageId, messageSeq, changes, at }: EventOf<'message.reacted'>, { sums }: ChatState): RowChange[] {
  const tally = sums.get(messageId)!
  const place = { chat_id: chatId, message_seq: messageSeq }
  const rows = changes.flatMap(({ emoji, on, userIds }) =>
    userIds.map((userId) => {
      const name = { ...place, emoji: emojiOf(emoji), user_id: userId }
      return on ? insert('reactions', { ...name, at }) : remove('reactions', name)
    }),
  )
  return [
    ...rows,
    remove('reaction_sums', place),
    insert('reaction_sums', { ...place, changed_seq: tally.changedSeq, sums: sumsText(tally) }),
  ]
}

export const pinned = ({ chatId, messageId, messageSeq, actorId, seq, at }: EventOf<'message.pinned'>): RowChange =>
  insert('pins', { chat_id: chatId, message_id: messageId, message_seq: messageSeq, pin_seq: seq, user_id: actorId, at })

export const unpinned = ({ chatId, messageId }: { readonly chatId: ChatId; readonly messageId: MessageId }): RowChange =>
  remove('pins', { chat_id: chatId, message_id: messageId })

/** What a message has beside itself, of which nothing is left when it is deleted. */
export function bare(message: { readonly chatId: ChatId; readonly messageId: MessageId; readonly messageSeq: Seq }): RowChange[] {
  const place = { chat_id: message.chatId, message_seq: message.messageSeq }
  return [remove('reactions', place), remove('reaction_sums', place), unpinned(message)]
}
