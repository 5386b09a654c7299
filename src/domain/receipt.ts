import type { ChatId, Instant, Seq, UserId } from './ids.ts'

/** A member's read position. It only grows. */
export interface Receipt {
  readonly chatId: ChatId
  readonly userId: UserId
  readonly readSeq: Seq
  readonly at: Instant
  /** The `memberSeq` at which it was written: clients receive it after that event. */
  readonly asOf: Seq
}

/** Returns the later of two read positions. */
export const advance = (mark: Seq, to: Seq): Seq => Math.max(mark, to)

/** The two lowest read positions of a chat, lowest first; fewer in a smaller chat. Two, since a message's sender is left out. */
export type LowestMarks = readonly { readonly userId: UserId; readonly readSeq: Seq }[]

/** Returns `to`, at most the head. */
export const withinLog = (to: Seq, head: Seq): Seq => Math.min(to, head)

/** Whether every present member but the sender has read a message, and there is at least one such member. */
export const isRead = (message: { readonly seq: Seq; readonly senderId: UserId }, lowest: LowestMarks): boolean =>
  (readByOthers(message.senderId, lowest) ?? 0) >= message.seq

/** Returns the lowest read position of the other members; undefined if there are none. */
export const readByOthers = (me: UserId, lowest: LowestMarks): Seq | undefined => lowest.find((mark) => mark.userId !== me)?.readSeq
