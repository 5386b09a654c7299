import type { Duration, Instant, SessionId } from '../../domain/ids.ts'
import type { Ports } from '../ports/ports.ts'

/** For how long a session that was seen alive is taken to be: what other processes end is refused here no later than that. */
const TRUSTED_FOR: Duration = 4_000

/** Knows which sessions have not ended, asking the store at most once in a while for each. */
export interface LiveSessions {
  isLive(id: SessionId): Promise<boolean>
  /** These have ended: nobody here trusts them any more. */
  forget(ids: readonly SessionId[]): void
}

export function liveSessions({ sessions, clock }: Pick<Ports, 'sessions' | 'clock'>): LiveSessions {
  const seenAlive = new Map<SessionId, Instant>()

  /** They are in the order in which they were seen. */
  function forgetOld(now: Instant): void {
    for (const [id, seenAt] of seenAlive) {
      if (now - seenAt < TRUSTED_FOR) return
      seenAlive.delete(id)
    }
  }

  return {
    async isLive(id) {
      const now = clock()
      const seenAt = seenAlive.get(id)
      if (seenAt !== undefined && now - seenAt < TRUSTED_FOR) return true
      seenAlive.delete(id)
      forgetOld(now)
      const isLive = (await sessions.live([id], now)).has(id)
      if (isLive) seenAlive.set(id, now)
      return isLive
    },
    forget(ids) {
      for (const id of ids) seenAlive.delete(id)
    },
  }
}
