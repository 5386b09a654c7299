import type { Duration, Instant, KeyId, SessionId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Ports } from '../ports/ports.ts'
import type { Access } from '../ports/sessions.ts'

/** How long the store's answer is kept: what other processes end is refused here after this time, at most. */
const TRUSTED_FOR: Duration = 4_000

/** Knows which sessions may still be used. Asks the store once per session and time that its answer is kept. */
export interface LiveSessions {
  /** Refuses with `session-ended` or `person-disabled` unless the session may be used. */
  require(access: Access): Promise<void>
  /** Forgets the store's answers about sessions that have ended. */
  forget(ids: readonly SessionId[]): void
  /** Forgets the store's answers about whoever acts by this key. */
  forgetKey(keyId: KeyId): void
}

export function liveSessions({ sessions, clock }: Pick<Ports, 'sessions' | 'clock'>): LiveSessions {
  const seenAlive = new Map<SessionId, { readonly at: Instant; readonly issuedAt: Instant; readonly keyId: KeyId | undefined }>()

  /** Entries are in the order of their times. */
  function forgetOld(now: Instant): void {
    for (const [id, { at }] of seenAlive) {
      if (now - at < TRUSTED_FOR) return
      seenAlive.delete(id)
    }
  }

  return {
    async require(access) {
      const { sessionId: id, issuedAt = Number.POSITIVE_INFINITY } = access
      const now = clock()
      const seen = seenAlive.get(id)
      // A token older than the one that was asked about may have been revoked.
      if (seen && now - seen.at < TRUSTED_FOR && issuedAt >= seen.issuedAt) return
      seenAlive.delete(id)
      forgetOld(now)
      const state = (await sessions.live([access], now)).get(id)
      if (state !== 'live') throw new Refusal(state === 'disabled' ? 'person-disabled' : 'session-ended')
      seenAlive.set(id, { at: now, issuedAt, keyId: access.keyId })
    },
    forget(ids) {
      for (const id of ids) seenAlive.delete(id)
    },
    forgetKey(keyId) {
      for (const [id, seen] of seenAlive) if (seen.keyId === keyId) seenAlive.delete(id)
    },
  }
}
