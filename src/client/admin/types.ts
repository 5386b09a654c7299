import type { Me } from '../basic-types.ts'

/** A user, as staff sees them. */
export interface Account extends Me {
  /** Since when the user cannot sign in; undefined if the user can. */
  readonly disabledAt: number | undefined
}

export interface AccountChange {
  readonly isDisabled?: boolean | undefined
  readonly name?: string | undefined
  readonly username?: string | undefined
}

export interface OneTimeCode {
  /** For `resetPassword`. */
  readonly code: string
  readonly expiresAt: number
}

/** A chat without texts and members. */
export interface InspectedChat {
  readonly id: string
  readonly kind: 'private' | 'group'
  /** Undefined for private chats. */
  readonly name: string | undefined
  readonly createdAt: number
  readonly headSeq: number
  readonly memberCount: number
}

/** What becomes of a report: nothing; the message is deleted; its author is banned from the group, or cannot sign in. */
export type Verdict = 'none' | 'delete' | 'ban' | 'disable'

/** A message that a member has reported. */
export interface Report {
  readonly id: string
  readonly chatId: string
  readonly messageId: string
  /** The author of the message. */
  readonly userId: string
  readonly reporterId: string
  readonly reason: 'spam' | 'abuse' | 'illegal' | 'other'
  readonly comment: string | undefined
  /** A copy from when the message was reported. */
  readonly text: string | undefined
  readonly sentAt: number
  readonly at: number
  /** Undefined until it is resolved. */
  readonly action: Verdict | undefined
  readonly resolvedAt: number | undefined
  readonly resolvedBy: string | undefined
}

/** A row of the audit: who did what to whom. */
export interface Deed {
  readonly id: string
  readonly at: number
  /** What was done, such as `user.disabled`. */
  readonly name: string
  /** Undefined: the command line. */
  readonly actorId: string | undefined
  /** The key of a back end that did it. */
  readonly keyId: string | undefined
  readonly userId: string | undefined
  readonly chatId: string | undefined
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
}
