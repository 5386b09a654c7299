import type { InferEntity } from '@mikro-orm/core'
import type { Sessions } from '../../../application/ports/sessions.ts'
import type { Session } from '../../../domain/identity.ts'
import type { SessionId } from '../../../domain/ids.ts'
import { builtOn } from '../database/built.ts'
import type { Database } from '../database/connect.ts'
import { byId } from '../database/page.ts'
import { queryOn, time } from '../database/query.ts'
import { entities, isUuid } from '../database/schema.ts'

export function mikroOrmSessions(database: Database): Sessions {
  const query = queryOn(database)
  const { em, rows, change } = builtOn(database)
  const sessions = () => em.createQueryBuilder(entities.sessions)
  return {
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
    async rotate(generation, session) {
      const { id, user_id, ...changes } = rowOf(session)
      return (await change(sessions().update(changes).where({ id, user_id, generation, ended_at: null }))) > 0
    },
    /** By hand, as what follows: a built text would depend on the length of the list. */
    async end(userId, ids, at) {
      const mine = ids.filter(isUuid)
      if (mine.length === 0) return
      await query.change(`update sessions set ended_at = $3 where user_id = $1 and ended_at is null and ${query.among('id', 2)}`, [
        userId,
        mine,
        at,
      ])
    },
    async live(ids, now) {
      const known = ids.filter(isUuid)
      if (known.length === 0) return new Set()
      const found = await query(`select id from sessions where ${query.among('id', 1)} and ended_at is null and expires_at > $2`, [
        known,
        now,
      ])
      return new Set(found.map((row) => row.id as SessionId))
    },
    async used(times) {
      const used = [...times].filter(([id]) => isUuid(id)).sort(byId)
      if (used.length === 0) return
      await query.change(
        `update sessions set last_used_at = u.at from ${query.timesOfIds} where sessions.id = u.id and sessions.last_used_at < u.at`,
        [used.map(([id]) => id), used.map(([, at]) => at)],
      )
    },
    async forget(before) {
      const isOld = { $lt: time(before) }
      return change(sessions().delete({ $or: [{ expires_at: isOld }, { ended_at: isOld }] }))
    },
  }
}

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
