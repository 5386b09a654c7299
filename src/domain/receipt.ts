import type { ChatId, Millis, Seq, UserId } from './ids.ts'

/** How far a member has read. It only grows. */
export interface Receipt {
  readonly chatId: ChatId
  readonly userId: UserId
  readonly readSeq: Seq
  readonly at: Millis
  /** The `memberSeq` under which it was written: it is told after that. */
  readonly asOf: Seq
}

/** The later of two marks. */
export const advance = (mark: Seq, to: Seq): Seq => Math.max(mark, to)

/** Everything but what can be read: above the head counts as the head. */
export const withinLog = (to: Seq, head: Seq): Seq => Math.min(to, head)

/**
 * Is a message read: every present member but its sender has reached it, and there is at least one.
 * `lowest` are the two members who have read least (or fewer where there are not two), least first.
 */
export function isRead(
  message: { readonly seq: Seq; readonly senderId: UserId },
  lowest: readonly { readonly userId: UserId; readonly readSeq: Seq }[],
): boolean {
  const behind = lowest.find((mark) => mark.userId !== message.senderId)
  return behind !== undefined && behind.readSeq >= message.seq
}

/** The lowest mark of the others, undefined when alone. */
export const readByOthers = (me: UserId, lowest: readonly { readonly userId: UserId; readonly readSeq: Seq }[]): Seq | undefined =>
  lowest.find((mark) => mark.userId !== me)?.readSeq
