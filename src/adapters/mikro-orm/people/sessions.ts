import type { InferEntity } from '@mikro-orm/core'
import { type Access, ENDINGS, type Sessions } from '../../../application/ports/sessions.ts'
import type { Session } from '../../../domain/identity.ts'
import type { SessionId } from '../../../domain/ids.ts'
import { auditedOn } from '../database/audited.ts'
import { builtOn } from '../database/built.ts'
import type { Database } from '../database/connect.ts'
import { byId } from '../database/page.ts'
import { queryOn, time } from '../database/query.ts'
import { entities, isUuid } from '../database/schema.ts'
import { externalSessions } from './external-sessions.ts'

export function mikroOrmSessions(database: Database): Sessions {
  const query = queryOn(database)
  const { em, rows, change } = builtOn(database)
  const audited = auditedOn(database)
  const sessions = () => em.createQueryBuilder(entities.sessions)
  return {
    ...externalSessions(query),
    async add(session) {
      await change(sessions().insert(rowOf(session)))
    },
    async get(id) {
      if (!isUuid(id)) return undefined
      const [row] = await rows(sessions().select(SESSION).where({ id }))
      return row && sessionOf(row)
    },
    async list(userId, now) {
      const live = sessions()
        .select(SESSION)
        .where({ user_id: userId, ended_at: null, expires_at: { $gt: now } })
      return (await rows(live.orderBy({ created_at: 'desc', id: 'desc' }))).map(sessionOf)
    },
    async beyond(userId, kept, now) {
      const live = sessions()
        .select(['id'])
        .where({ user_id: userId, ended_at: null, expires_at: { $gt: now } })
      const found = await rows(live.orderBy({ last_used_at: 'desc', id: 'desc' }).offset(kept).limit(AT_ONCE))
      return found.map(({ id }) => id as SessionId)
    },
    async rotate(generation, session) {
      const { id, user_id, ...changes } = rowOf(session)
      return (await change(sessions().update(changes).where({ id, user_id, generation, ended_at: null }))) > 0
    },
    /** By hand, as what follows: a built text would depend on the length of the list. */
    async end(userId, ids, at, deed) {
      const mine = ids.filter(isUuid)
      if (mine.length === 0) return
      const text = `update {sessions} set ended_at = $3 where user_id = $1 and ended_at is null and ${query.among('id', 2)}`
      await audited([[text, [userId, mine, at]]], deed)
    },
    async live(accesses, now) {
      const known = accesses.filter(({ userId, sessionId }) => isUuid(userId) && isUuid(sessionId))
      if (known.length === 0) return new Map()
      const found = await query(LIVE(query.accesses), [...listsOf(known), now])
      return new Map(found.map((row) => [row.id as SessionId, row.disabled_at === null ? 'live' : 'disabled']))
    },
    async endings(since, now) {
      const rows = await query(ENDED, [time(since), now, ENDINGS + 1])
      const of = <Id>(kind: string) => new Set(rows.flatMap(({ what, id }) => (what === kind ? [id as Id] : [])))
      return rows.length > ENDINGS ? undefined : { sessions: of('session'), users: of('user'), keys: of('key') }
    },
    async used(times) {
      const used = [...times].filter(([id]) => isUuid(id)).sort(byId)
      if (used.length === 0) return
      await query.change(
        `update {sessions} set last_used_at = u.at from ${query.timesOfIds} where {sessions}.id = u.id and {sessions}.last_used_at < u.at`,
        [used.map(([id]) => id), used.map(([, at]) => at)],
      )
    },
    async forget(before) {
      for (const text of FORGETTING_DEVICES) await query.change(text, [time(before)])
      await query.change('delete from {external_sessions} where last_used_at < $1', [time(before)])
      const isOld = { $lt: time(before) }
      return change(sessions().delete({ $or: [{ expires_at: isOld }, { ended_at: isOld }] }))
    },
  }
}

/** The devices of sessions that are forgotten. They go first, since a session that is not known is taken for one of the host's. */
const PAST = `select id from {sessions} where ended_at < $1 or expires_at < $1
  union all select id from {external_sessions} where ended_at is not null and last_used_at < $1`
const FORGETTING_DEVICES = [
  `delete from {shown} where (user_id, device_id) in (select user_id, id from {push_devices} where session_id in (${PAST}))`,
  `delete from {push_devices} where session_id in (${PAST})`,
]

/** What more there are ends with the next sign-in. */
const AT_ONCE = 1_000
const NIL = '00000000-0000-0000-0000-000000000000'
const listsOf = (accesses: readonly Access[]) =>
  [
    accesses.map(({ sessionId }) => sessionId),
    accesses.map(({ userId }) => userId),
    accesses.map(({ via = 'session' }) => via),
    accesses.map(({ keyId = NIL }) => (isUuid(keyId) ? keyId : NIL)),
    accesses.map(({ issuedAt = Number.MAX_SAFE_INTEGER }) => time(issuedAt)),
  ] as const

/** What each way of coming in rests on. */
const LIVE = (accesses: string): string => `select a.session_id as id, u.disabled_at from ${accesses}
  join {users} u on u.id = a.user_id and u.erased_at is null
  left join {sessions} s on s.id = a.session_id and s.user_id = a.user_id and s.ended_at is null and s.expires_at > $6
  left join {external_sessions} x on x.id = a.session_id
  left join {keys} k on k.id = a.key_id and k.revoked_at is null and coalesce(k.expires_at > $6, true)
  where case a.via when 'session' then s.id is not null when 'key' then k.id is not null else x.ended_at is null end
    and a.issued_at > coalesce(u.tokens_after, -1)`

/** Each part by an index of its own. */
const ended = (what: string, table: string, where: string) =>
  `select '${what}' as what, id from (select id from {${table}} where ${where} limit $3) as ended`
const ENDED = [
  ended('session', 'sessions', 'ended_at >= $1'),
  ended('session', 'sessions', 'expires_at >= $1 and expires_at <= $2'),
  ended('session', 'external_sessions', 'ended_at >= $1'),
  ended('user', 'users', 'erased_at >= $1'),
  ended('user', 'users', 'disabled_at >= $1'),
  ended('user', 'users', 'tokens_after >= $1'),
  ended('key', 'keys', 'revoked_at >= $1'),
  ended('key', 'keys', 'expires_at >= $1 and expires_at <= $2'),
].join(' union all ')

const SESSION = ['id', 'user_id', 'device_name', 'created_at', 'last_used_at', 'expires_at', 'ended_at', 'generation', 'spent_at'] as const
type SessionRow = Readonly<Pick<InferEntity<typeof entities.sessions>, (typeof SESSION)[number]>>
const DEVICE_NAME_LIMIT = 128

const rowOf = (session: Session): SessionRow => ({
  id: session.id,
  user_id: session.userId,
  device_name:
    session.deviceName
      ?.toWellFormed()
      .replaceAll('\0', '')
      .slice(0, 4 * DEVICE_NAME_LIMIT) ?? null,
  created_at: session.createdAt,
  last_used_at: session.lastUsedAt,
  expires_at: session.expiresAt,
  ended_at: session.endedAt ?? null,
  generation: session.generation,
  spent_at: JSON.stringify(session.spentAt),
})

const sessionOf = (row: SessionRow): Session => ({
  id: row.id as Session['id'],
  userId: row.user_id as Session['userId'],
  deviceName: row.device_name ?? undefined,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  expiresAt: row.expires_at,
  endedAt: row.ended_at ?? undefined,
  generation: row.generation,
  spentAt: JSON.parse(row.spent_at),
})
