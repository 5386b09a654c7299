import type { Instant, MessageId, Seq, UserId } from './ids.ts'

/** Pinned messages of a chat, at most. */
export const PIN_LIMIT = 50

/** A pinned message. */
export interface Pin {
  readonly messageId: MessageId
  readonly messageSeq: Seq
  readonly senderId: UserId
  /** The `seq` of the event that pinned it. */
  readonly pinSeq: Seq
  /** Who pinned it. */
  readonly userId: UserId
  readonly at: Instant
}

/** The one name of the part of a scope that is all pins of the chat. */
export const ALL_PINS = 'all'
