import type { SessionId, UserId } from '../../domain/ids.ts'

export type SecurityEvent =
  | 'sign-in'
  | 'sign-in-failed'
  | 'refresh-reused'
  | 'signed-out'
  | 'password-changed'
  | 'recovered'
  | 'email-changed'
  | 'deleted'
  | 'disabled'
  | 'role-changed'
  | 'second-factor-changed'
  | 'key-made'
  | 'key-revoked'
  | 'limited'
  | 'origin-refused'

/** A security event. Contains no secret and no message text. */
export interface Fact {
  readonly event: SecurityEvent
  /** `ok`, or the code of the refusal. */
  readonly outcome: string
  readonly userId?: UserId | undefined
  readonly sessionId?: SessionId | undefined
  readonly network?: string | undefined
  /** As the user typed it. */
  readonly device?: string | undefined
  /** The call that was made, or the limit that was exceeded. */
  readonly subject?: string | undefined
  readonly requestId?: string | undefined
}

/** The security log. */
export interface Journal {
  /** Records an event. Never throws, never waits. */
  note(fact: Fact): void
}
