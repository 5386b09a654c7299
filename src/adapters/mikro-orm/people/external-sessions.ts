import type { Sessions } from '../../../application/ports/sessions.ts'
import { SYSTEM_ID } from '../../../domain/ids.ts'
import { byId } from '../database/page.ts'
import type { Query } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'

/** Sessions that issuers and the host keep. */
export const externalSessions = (query: Query): Pick<Sessions, 'usedExternal' | 'endExternal'> => ({
  async usedExternal(uses) {
    const used = [...uses].filter(([id, { userId }]) => isUuid(id) && isUuid(userId)).sort(byId)
    if (used.length === 0) return
    const values = query.isPostgres
      ? 'select * from unnest($1::uuid[], $2::uuid[], $3::bigint[])'
      : 'select value, $2 ->> key, $3 ->> key from json_each($1) where true'
    await query.change(
      `insert into {external_sessions} (id, user_id, last_used_at) ${values}
       on conflict (id) do update set last_used_at = excluded.last_used_at where {external_sessions}.last_used_at < excluded.last_used_at`,
      [used.map(([id]) => id), used.map(([, { userId }]) => userId), used.map(([, { at }]) => at)],
    )
  },
  /** The user of a session that was never used is not known. */
  async endExternal(id, at) {
    await query.change(
      `insert into {external_sessions} (id, user_id, last_used_at, ended_at) values ($1, $2, $3, $3)
       on conflict (id) do update set ended_at = excluded.ended_at, last_used_at = excluded.last_used_at where {external_sessions}.ended_at is null`,
      [id, SYSTEM_ID, at],
    )
  },
})
