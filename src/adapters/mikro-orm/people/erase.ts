import type { People } from '../../../application/ports/people.ts'
import type { UserId } from '../../../domain/ids.ts'
import { auditedOn } from '../database/audited.ts'
import { builtOn } from '../database/built.ts'
import type { Database } from '../database/connect.ts'
import { queryOn, time } from '../database/query.ts'
import { cleared, deletedWithUser, retention } from '../database/retention.ts'
import { entities } from '../database/schema.ts'
import { scrubbing } from '../database/scrub.ts'
import type { InTransaction } from '../database/together.ts'

export function erasingPeople(database: Database): Pick<People, 'erase' | 'erasing' | 'erased' | 'idleGuests'> {
  const query = queryOn(database)
  const { em, change } = builtOn(database)
  const audited = auditedOn(database)
  const users = () => em.createQueryBuilder(entities.users)
  const sessions = () => em.createQueryBuilder(entities.sessions)
  return {
    async idleGuests(before, limit) {
      const text = `select id from {users} where kind = 'guest' and erased_at is null and coalesce(last_seen_at, created_at) < $1 limit $2`
      return (await query(text, [time(before), limit])).map((row) => row.id as UserId)
    },
    async erase(id, at, deed) {
      const erased = { ...cleared('users'), erased_at: at, is_erasing: true }
      const gone = deletedWithUser.map(({ table, by }): InTransaction => [`delete from {${table}} where ${by} = $1`, [id]])
      const nameless = sessions().update(cleared('sessions')).where({ user_id: id })
      const silent = em.createQueryBuilder(entities.reports).update(cleared('reports')).where({ reporter_id: id })
      const unsaid = em
        .createQueryBuilder(entities.bans)
        .update(retention.bans.ofAuthor!.cleared)
        .where({ by_id: id, reason: { $ne: null } })
      await audited([users().update(erased).where({ id, erased_at: null }), nameless, silent, unsaid, ...gone], deed)
    },
    /** By hand: with a parameter for `true` no database would use the index of those who are being erased. */
    async erasing() {
      const rows = await query('select id from {users} where is_erasing order by id', [])
      return rows.map((row) => row.id as UserId)
    },
    async erased(id) {
      await scrubbing(database).wanted()
      await change(users().update({ is_erasing: false }).where({ id }))
    },
  }
}
