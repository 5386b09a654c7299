import type { Session } from '../../domain/identity.ts'
import type { Instant, SessionId, UserId } from '../../domain/ids.ts'

export interface Sessions {
  add(session: Session): Promise<void>
  get(id: SessionId): Promise<Session | undefined>
  /** Returns a user's sessions that have neither ended nor expired, newest first. */
  list(userId: UserId, now: Instant): Promise<readonly Session[]>
  /** Replaces a session if its generation is still `generation` and it has not ended. Returns whether it did. */
  rotate(generation: number, session: Session): Promise<boolean>
  /** Ends these sessions of one user. */
  end(userId: UserId, ids: readonly SessionId[], at: Instant): Promise<void>
  /** Returns those of these sessions that may still be used. One statement. */
  live(ids: readonly SessionId[], now: Instant): Promise<ReadonlySet<SessionId>>
  /** Raises the times of last use of these sessions to these times. */
  used(times: ReadonlyMap<SessionId, Instant>): Promise<void>
  /** Deletes sessions that ended or expired before this time and returns how many. */
  forget(before: Instant): Promise<number>
}
