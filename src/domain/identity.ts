import type { Instant, SessionId, UserId } from './ids.ts'

/** What others may see of somebody. Who was deleted keeps the id and nothing else. */
export interface Person {
  readonly id: UserId
  readonly username: string | undefined
  readonly name: string | undefined
  readonly lastSeenAt: Instant | undefined
}

/** What one sees of oneself. */
export interface User extends Person {
  readonly email: string | undefined
  readonly createdAt: Instant
}

/** One signed-in device. `generation` counts the rotations of its refresh token. */
export interface Session {
  readonly id: SessionId
  readonly userId: UserId
  readonly deviceName: string | undefined
  readonly createdAt: Instant
  readonly lastUsedAt: Instant
  readonly expiresAt: Instant
  readonly endedAt: Instant | undefined
  readonly generation: number
  /** When the latest generations were spent, oldest first; the last one is that of `generation - 1`. */
  readonly spentAt: readonly Instant[]
}

/** Last-seen times are rounded down to the minute: enough to know, too little to follow somebody. */
export const toMinute = (at: Instant): Instant => at - (at % 60_000)
