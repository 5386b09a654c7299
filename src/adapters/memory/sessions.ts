import { type Access, ENDINGS, type Endings, type Sessions, type Via } from '../../application/ports/sessions.ts'
import type { Session } from '../../domain/identity.ts'
import { type Instant, SYSTEM_ID, type UserId } from '../../domain/ids.ts'
import { forgetDevices } from './notices.ts'
import { compareText } from './page.ts'
import type { MemoryStore } from './store.ts'

export function memorySessions(store: MemoryStore): Sessions {
  const { sessions, external, keys, people, accounts } = store
  const change = (session: Session | undefined, to: Partial<Session>) => session && sessions.set(session.id, { ...session, ...to })
  const liveOf = (userId: UserId, now: Instant) =>
    [...sessions.values()].filter((session) => session.userId === userId && isLive(session, now))
  const sound = soundIn({ sessions, external, keys })
  return {
    async add(session) {
      sessions.set(session.id, session)
    },
    async get(id) {
      return sessions.get(id)
    },
    async list(userId, now) {
      return liveOf(userId, now).sort((a, b) => b.createdAt - a.createdAt || compareText(b.id, a.id))
    },
    async beyond(userId, kept, now) {
      const byUse = liveOf(userId, now).sort((a, b) => b.lastUsedAt - a.lastUsedAt || compareText(b.id, a.id))
      return byUse.slice(kept).map(({ id }) => id)
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
      const states = accesses.flatMap((access) => {
        const { userId, sessionId, via = 'session', issuedAt } = access
        const person = people.get(userId)
        if (!sound[via](access, now) || !person || person.deletion || (issuedAt ?? Infinity) <= (person.tokensAfter ?? -Infinity)) return []
        return [[sessionId, person.user.disabledAt === undefined ? 'live' : 'disabled'] as const]
      })
      return new Map(states)
    },
    endings: async (since, now) => endingsIn(store, since, now),
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
      const past = [...sessions.values()].filter((session) => (session.endedAt ?? session.expiresAt) < before || session.expiresAt < before)
      const old = [...external].filter(([, { lastUsedAt }]) => lastUsedAt < before)
      const ended = new Set([...past.map(({ id }) => id), ...old.flatMap(([id, { endedAt }]) => (endedAt === undefined ? [] : [id]))])
      forgetDevices(store, ({ sessionId }) => ended.has(sessionId))
      for (const [id] of old) external.delete(id)
      for (const { id } of past) sessions.delete(id)
      return past.length
    },
  }
}

const isLive = (session: Session, now: Instant) => session.endedAt === undefined && session.expiresAt > now

/** Whether what somebody comes in by still counts. */
const soundIn = ({
  sessions,
  external,
  keys,
}: Pick<MemoryStore, 'sessions' | 'external' | 'keys'>): { readonly [V in Via]: (access: Access, now: Instant) => boolean } => ({
  session({ userId, sessionId }, now) {
    const session = sessions.get(sessionId)
    return session?.userId === userId && isLive(session, now)
  },
  issuer: ({ sessionId }) => external.get(sessionId)?.endedAt === undefined,
  identify: ({ sessionId }) => external.get(sessionId)?.endedAt === undefined,
  key({ keyId }, now) {
    const key = keyId && keys.get(keyId)
    return key !== undefined && key.revokedAt === undefined && (key.expiresAt ?? Infinity) > now
  },
})

function endingsIn({ sessions, external, keys, people }: MemoryStore, since: Instant, now: Instant): Endings | undefined {
  const isPast = (at: Instant | undefined) => at !== undefined && at >= since
  const isOver = (at: Instant | undefined) => isPast(at) && at! <= now
  const idsOf = <K, V>(some: ReadonlyMap<K, V>, hasEnded: (one: V) => boolean) =>
    new Set([...some].flatMap(([id, one]) => (hasEnded(one) ? [id] : [])))
  const own = idsOf(sessions, ({ endedAt, expiresAt }) => isPast(endedAt) || isOver(expiresAt))
  const found = {
    sessions: new Set([...own, ...idsOf(external, ({ endedAt }) => isPast(endedAt))]),
    users: idsOf(people, ({ deletedAt, tokensAfter, user }) => isPast(deletedAt) || isPast(tokensAfter) || isPast(user.disabledAt)),
    keys: idsOf(keys, ({ revokedAt, expiresAt }) => isPast(revokedAt) || isOver(expiresAt)),
  }
  return found.sessions.size + found.users.size + found.keys.size > ENDINGS ? undefined : found
}
