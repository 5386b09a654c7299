import type { Instant, SessionId, UserId } from './ids.ts'

/** `bot`: a program. `guest`: a person without an account of their own. `system`: the one user for what no person does. */
export type PersonKind = 'person' | 'bot' | 'guest' | 'system'

/** What others see of a user. A deleted user keeps the id and the kind. */
export interface Person {
  readonly id: UserId
  readonly username: string | undefined
  readonly name: string | undefined
  readonly kind: PersonKind
  /** An https: URL. */
  readonly avatarUrl: string | undefined
  readonly lastSeenAt: Instant | undefined
  /** Whether the viewer has blocked them; only where somebody in particular sees them. */
  readonly isBlocked?: boolean | undefined
}

/** What is known of a user of whom nothing is known. */
export const unnamed = (id: UserId): Person => ({
  id,
  username: undefined,
  name: undefined,
  kind: 'person',
  avatarUrl: undefined,
  lastSeenAt: undefined,
})

/** A user as the sender of a message. */
export type Author = Pick<Person, 'id' | 'username' | 'name'>
export const authorOf = ({ id, username, name }: Author): Author => ({ id, username, name })

/** What users see of themselves. */
export interface User extends Person {
  readonly email: string | undefined
  /** An address that the user has still to verify: it finds nobody, signs nobody in and reserves nothing. */
  readonly emailPending: string | undefined
  /** What another system calls this user. */
  readonly externalId: string | undefined
  /** Since when the user may not sign in. */
  readonly disabledAt: Instant | undefined
  /** Whether the user is a member of the staff of the service. */
  readonly isAdmin: boolean
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

/** What a user is told about their account, on the devices that are connected. */
export type AccountNotice = {
  /** A session began on a network from which the user was not signed in before. */
  readonly kind: 'sign-in'
  readonly sessionId: SessionId
  readonly deviceName: string | undefined
  readonly network: string
  readonly at: Instant
}

/** Last-seen times are rounded down to the minute: enough to know, too little to follow somebody. */
export const toMinute = (at: Instant): Instant => at - (at % 60_000)
