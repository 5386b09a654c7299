import type { Instant, SessionId, UserId } from '../../domain/ids.ts'
import type { Caller } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'

const BOUND = 10_000

/** Collects when users and sessions were last active and stores it periodically, in two statements. */
export interface Activity {
  note(caller: Caller): void
  /** Stores what was collected. */
  flush(): Promise<void>
}

export function activity({ people, sessions, clock }: Pick<Ports, 'people' | 'sessions' | 'clock'>): Activity {
  let seen = new Map<UserId, Instant>()
  let used = new Map<SessionId, Instant>()
  let external = new Map<SessionId, { readonly userId: UserId; readonly at: Instant }>()
  return {
    note({ userId, sessionId, via = 'session' }) {
      if (seen.size < BOUND || seen.has(userId)) seen.set(userId, clock())
      if (via === 'session' && (used.size < BOUND || used.has(sessionId))) used.set(sessionId, clock())
      const isExternal = via === 'issuer' || via === 'identify'
      if (isExternal && (external.size < BOUND || external.has(sessionId))) external.set(sessionId, { userId, at: clock() })
    },
    async flush() {
      const [noted, spent, elsewhere] = [seen, used, external]
      seen = new Map()
      used = new Map()
      external = new Map()
      if (noted.size > 0) await people.seen(noted)
      if (spent.size > 0) await sessions.used(spent)
      if (elsewhere.size > 0) await sessions.usedExternal(elsewhere)
    },
  }
}
