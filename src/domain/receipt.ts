import type { ChatId, Instant, Seq, UserId } from './ids.ts'

/** How far a member has read. It only grows. */
export interface Receipt {
  readonly chatId: ChatId
  readonly userId: UserId
  readonly readSeq: Seq
  readonly at: Instant
  /** The `memberSeq` under which it was written: it is told after that. */
  readonly asOf: Seq
}

/** The later of two marks. */
export const advance = (mark: Seq, to: Seq): Seq => Math.max(mark, to)

/** The two members of a chat who have read least (or fewer where there are not two), least first: what whoever asks needs, for one is left out. */
export type LowestMarks = readonly { readonly userId: UserId; readonly readSeq: Seq }[]

/** Everything but what can be read: above the head counts as the head. */
export const withinLog = (to: Seq, head: Seq): Seq => Math.min(to, head)

/** Is a message read: every present member but its sender has reached it, and there is at least one. */
export const isRead = (message: { readonly seq: Seq; readonly senderId: UserId }, lowest: LowestMarks): boolean =>
  (readByOthers(message.senderId, lowest) ?? 0) >= message.seq

/** The lowest mark of the others, undefined when alone. */
export const readByOthers = (me: UserId, lowest: LowestMarks): Seq | undefined => lowest.find((mark) => mark.userId !== me)?.readSeq
