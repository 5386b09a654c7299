import type { Instant } from './ids.ts'

/** A member's own state of a chat: only that member sees it, the same on all of their devices. */
export interface OwnState {
  readonly pinnedAt: Instant | undefined
  /** Not on the list until the next message. */
  readonly isArchived: boolean
  /** Of a private chat that was left: on no list until the next message. */
  readonly isHidden: boolean
  /** Until the member reads. */
  readonly isMarkedUnread: boolean
}

/** Chats that one user may pin, at most. */
export const PINS_LIMIT = 50

export const isUntouched = ({ pinnedAt, isArchived, isHidden, isMarkedUnread }: OwnState): boolean =>
  pinnedAt === undefined && !isArchived && !isHidden && !isMarkedUnread
