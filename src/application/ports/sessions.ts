import type { Deed } from '../../domain/deed.ts'
import type { Session } from '../../domain/identity.ts'
import type { Count, Instant, KeyId, SessionId, UserId } from '../../domain/ids.ts'

/** Who answers for a caller: a session of ours, a token of an issuer, the host's own code, or a key of a back end. */
export type Via = 'session' | 'issuer' | 'identify' | 'key'

/** What a call or a connection rests on. */
export interface Access {
  readonly userId: UserId
  readonly sessionId: SessionId
  /** `session` unless given. */
  readonly via?: Via | undefined
  readonly keyId?: KeyId | undefined
  /** When the token was issued, where that is known. */
  readonly issuedAt?: Instant | undefined
}

/** Ends of access: sessions, users who were deleted or disabled or whose tokens were revoked, and keys. */
export interface Endings {
  readonly sessions: ReadonlySet<SessionId>
  readonly users: ReadonlySet<UserId>
  readonly keys: ReadonlySet<KeyId>
}
/** Endings that are told one by one, at most. */
export const ENDINGS: Count = 1_000

export interface Sessions {
  add(session: Session): Promise<void>
  get(id: SessionId): Promise<Session | undefined>
  /** Returns a user's sessions that have neither ended nor expired, newest first. */
  list(userId: UserId, now: Instant): Promise<readonly Session[]>
  /** Returns which of a user's sessions come after the `kept` of them that were used last; of those that have neither ended nor expired. */
  beyond(userId: UserId, kept: Count, now: Instant): Promise<readonly SessionId[]>
  /** Replaces a session if its generation is still `generation` and it has not ended. Returns whether it did. */
  rotate(generation: number, session: Session): Promise<boolean>
  /** Ends these sessions of one user. With a deed, its row of the audit is written in the same transaction. */
  end(userId: UserId, ids: readonly SessionId[], at: Instant, deed?: Deed): Promise<void>
  /**
   * Returns which of these may still be used, by session: it has neither ended nor expired, the user was not deleted, the token was issued
   * after the user's tokens were last revoked, the key was not revoked. `disabled`: only since the user is disabled. One statement.
   */
  live(accesses: readonly Access[], now: Instant): Promise<ReadonlyMap<SessionId, 'live' | 'disabled'>>
  /**
   * Returns what ended at or after `since`, or will have ended by `now`. Some of it may still be used. Undefined where it is more than
   * `ENDINGS`. One statement, which reads what has ended and nothing else.
   */
  endings(since: Instant, now: Instant): Promise<Endings | undefined>
  /** Raises the times of last use of these sessions to these times. */
  used(times: ReadonlyMap<SessionId, Instant>): Promise<void>
  /** Records that external sessions were used: those of issuers and of the host. */
  usedExternal(uses: ReadonlyMap<SessionId, { readonly userId: UserId; readonly at: Instant }>): Promise<void>
  /** Ends an external session, also one that was never used. */
  endExternal(id: SessionId, at: Instant): Promise<void>
  /** Deletes sessions that ended or expired before this time, first the devices that are notified through them, and returns how many sessions. */
  forget(before: Instant): Promise<number>
}
