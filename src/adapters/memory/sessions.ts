import type { Access, Sessions, Via } from '../../application/ports/sessions.ts'
import type { Session } from '../../domain/identity.ts'
import { type Instant, SYSTEM_ID } from '../../domain/ids.ts'
import { compareText } from './page.ts'
import type { MemoryStore } from './store.ts'

export function memorySessions({ sessions, external, keys, people, accounts }: MemoryStore): Sessions {
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
    async end(userId, ids, at, deed) {
      const open = ids.map((id) => sessions.get(id)).filter((session) => session?.userId === userId && session.endedAt === undefined)
      for (const session of open) change(session, { endedAt: at })
      if (open.length > 0 && deed) accounts.deeds.push(deed)
    },
    async live(accesses, now) {
      const isValid: { readonly [V in Via]: (access: Access) => boolean } = {
        session({ userId, sessionId }) {
          const session = sessions.get(sessionId)
          return session?.userId === userId && isLive(session, now)
        },
        issuer: ({ sessionId }) => external.get(sessionId)?.endedAt === undefined,
        identify: ({ sessionId }) => external.get(sessionId)?.endedAt === undefined,
        key({ keyId }) {
          const key = keyId && keys.get(keyId)
          return key !== undefined && key.revokedAt === undefined && (key.expiresAt ?? Infinity) > now
        },
      }
      const states = accesses.flatMap((access) => {
        const { userId, sessionId, via = 'session', issuedAt } = access
        const person = people.get(userId)
        if (!isValid[via](access) || !person || person.deletion || (issuedAt ?? Infinity) <= (person.tokensAfter ?? -Infinity)) return []
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
    async usedExternal(uses) {
      for (const [id, { userId, at }] of uses) {
        const known = external.get(id)
        external.set(id, { userId, lastUsedAt: Math.max(known?.lastUsedAt ?? 0, at), endedAt: known?.endedAt })
      }
    },
    async endExternal(id, at) {
      external.set(id, { userId: external.get(id)?.userId ?? SYSTEM_ID, lastUsedAt: at, endedAt: at })
    },
    async forget(before) {
      for (const [id, { lastUsedAt }] of external) if (lastUsedAt < before) external.delete(id)
      const past = [...sessions.values()].filter((session) => (session.endedAt ?? session.expiresAt) < before || session.expiresAt < before)
      for (const { id } of past) sessions.delete(id)
      return past.length
    },
  }
}

const isLive = (session: Session, now: Instant) => session.endedAt === undefined && session.expiresAt > now
