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
  return {
    note({ userId, sessionId }) {
      if (seen.size < BOUND || seen.has(userId)) seen.set(userId, clock())
      if (used.size < BOUND || used.has(sessionId)) used.set(sessionId, clock())
    },
    async flush() {
      const [noted, spent] = [seen, used]
      seen = new Map()
      used = new Map()
      if (noted.size > 0) await people.seen(noted)
      if (spent.size > 0) await sessions.used(spent)
    },
  }
}
