import type { Sessions } from '../../../application/ports/sessions.ts'
import type { Session } from '../../../domain/identity.ts'
import type { SessionId } from '../../../domain/ids.ts'
import type { Database, Row } from '../database/connect.ts'
import { byId } from '../database/page.ts'
import { type Parameter, queryOn, time } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'

export function mikroOrmSessions(database: Database): Sessions {
  const query = queryOn(database)
  return {
    async add(session) {
      await query.change(
        `insert into sessions (id, user_id, device_name, created_at, last_used_at, expires_at, ended_at, generation, spent_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        values(session),
      )
    },
    async get(id) {
      if (!isUuid(id)) return undefined
      const [row] = await query(`select ${SESSION} from sessions where id = $1`, [id])
      return row && sessionOf(row)
    },
    async list(userId, now) {
      const live = `select ${SESSION} from sessions where user_id = $1 and ended_at is null and expires_at > $2 order by created_at desc, id desc`
      return (await query(live, [userId, now])).map(sessionOf)
    },
    async rotate(generation, session) {
      const replace = `update sessions set device_name = $3, created_at = $4, last_used_at = $5, expires_at = $6, ended_at = $7, generation = $8,
        spent_at = $9 where id = $1 and user_id = $2 and generation = $10 and ended_at is null`
      return (await query.change(replace, [...values(session), generation])) > 0
    },
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
      const rows = await query(`select id from sessions where ${query.among('id', 1)} and ended_at is null and expires_at > $2`, [
        known,
        now,
      ])
      return new Set(rows.map((row) => row.id as SessionId))
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
      return query.change('delete from sessions where expires_at < $1 or ended_at < $1', [time(before)])
    },
  }
}

const SESSION = 'id, user_id, device_name, created_at, last_used_at, expires_at, ended_at, generation, spent_at'
const DEVICE_NAME_LIMIT = 128

const values = (session: Session): readonly Parameter[] => [
  session.id,
  session.userId,
  session.deviceName
    ?.toWellFormed()
    .replaceAll('\0', '')
    .slice(0, 4 * DEVICE_NAME_LIMIT) ?? null,
  session.createdAt,
  session.lastUsedAt,
  session.expiresAt,
  session.endedAt ?? null,
  session.generation,
  JSON.stringify(session.spentAt),
]

const sessionOf = (row: Row): Session => ({
  id: row.id as Session['id'],
  userId: row.user_id as Session['userId'],
  deviceName: (row.device_name as string | null) ?? undefined,
  createdAt: row.created_at as number,
  lastUsedAt: row.last_used_at as number,
  expiresAt: row.expires_at as number,
  endedAt: (row.ended_at as number | null) ?? undefined,
  generation: row.generation as number,
  spentAt: JSON.parse(row.spent_at as string),
})
