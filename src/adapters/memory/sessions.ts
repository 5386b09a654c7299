import type { Sessions } from '../../application/ports/sessions.ts'
import type { Session } from '../../domain/identity.ts'
import type { Instant } from '../../domain/ids.ts'
import { compareText } from './page.ts'
import type { MemoryStore } from './store.ts'

export function memorySessions({ sessions, people }: MemoryStore): Sessions {
  const change = (session: Session | undefined, to: Partial<Session>) => session && sessions.set(session.id, { ...session, ...to })
  return {
    async add(session) {
      sessions.set(session.id, session)
    },
    async get(id) {
      return sessions.get(id)
    },
    async list(userId, now) {
      return [...sessions.values()]
        .filter((session) => session.userId === userId && isLive(session, now))
        .sort((a, b) => b.createdAt - a.createdAt || compareText(b.id, a.id))
    },
    async rotate(generation, session) {
      const current = sessions.get(session.id)
      if (!current || current.generation !== generation || current.endedAt !== undefined) return false
      sessions.set(session.id, session)
      return true
    },
    async end(userId, ids, at) {
      for (const id of ids) {
        const session = sessions.get(id)
        if (session?.userId === userId && session.endedAt === undefined) change(session, { endedAt: at })
      }
    },
    async live(accesses, now) {
      const states = accesses.flatMap(({ userId, sessionId, issuedAt }) => {
        const [session, person] = [sessions.get(sessionId), people.get(userId)]
        const isValid = session?.userId === userId && isLive(session, now)
        if (!isValid || !person || person.deletion || (issuedAt ?? Infinity) <= (person.tokensAfter ?? -Infinity)) return []
        return [[sessionId, person.user.disabledAt === undefined ? 'live' : 'disabled'] as const]
      })
      return new Map(states)
    },
    async used(times) {
      for (const [id, at] of times) {
        const session = sessions.get(id)
        change(session, { lastUsedAt: Math.max(session?.lastUsedAt ?? 0, at) })
      }
    },
    async forget(before) {
      const past = [...sessions.values()].filter((session) => (session.endedAt ?? session.expiresAt) < before || session.expiresAt < before)
      for (const { id } of past) sessions.delete(id)
      return past.length
    },
  }
}

const isLive = (session: Session, now: Instant) => session.endedAt === undefined && session.expiresAt > now
