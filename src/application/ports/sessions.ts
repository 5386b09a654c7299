import type { Session } from '../../domain/identity.ts'
import type { Instant, SessionId, UserId } from '../../domain/ids.ts'

export interface Sessions {
  add(session: Session): Promise<void>
  get(id: SessionId): Promise<Session | undefined>
  /** One's sessions that have neither ended nor expired, newest first. */
  list(userId: UserId, now: Instant): Promise<readonly Session[]>
  /** Replaces a session if its generation is still `generation` and it has not ended; true if it was replaced. */
  rotate(generation: number, session: Session): Promise<boolean>
  /** Ends these sessions, of one person. */
  end(userId: UserId, ids: readonly SessionId[], at: Instant): Promise<void>
  /** Those of these sessions that may still be used. One statement. */
  live(ids: readonly SessionId[], now: Instant): Promise<ReadonlySet<SessionId>>
  /** These sessions' times of last use are at least these. */
  used(times: ReadonlyMap<SessionId, Instant>): Promise<void>
  /** Forgets sessions that ended or expired before this time; answers how many. */
  forget(before: Instant): Promise<number>
}
