import type { People } from '../../../application/ports/people.ts'
import type { UserId } from '../../../domain/ids.ts'
import { builtOn } from '../database/built.ts'
import type { Database } from '../database/connect.ts'
import { queryOn, time } from '../database/query.ts'
import { cleared } from '../database/retention.ts'
import { entities } from '../database/schema.ts'

export function erasingPeople(database: Database): Pick<People, 'erase' | 'erasing' | 'erased' | 'idleGuests'> {
  const query = queryOn(database)
  const { em, change } = builtOn(database)
  const users = () => em.createQueryBuilder(entities.users)
  const sessions = () => em.createQueryBuilder(entities.sessions)
  const devices = () => em.createQueryBuilder(entities.push_devices)
  return {
    async idleGuests(before, limit) {
      const text = `select id from users where kind = 'guest' and erased_at is null and coalesce(last_seen_at, created_at) < $1 limit $2`
      return (await query(text, [time(before), limit])).map((row) => row.id as UserId)
    },
    async erase(id, at) {
      await change(sessions().update(cleared('sessions')).where({ user_id: id }))
      await change(devices().update(cleared('push_devices')).where({ user_id: id }))
      const erased = { ...cleared('users'), erased_at: at, is_erasing: true }
      await change(users().update(erased).where({ id, erased_at: null }))
    },
    /** By hand: with a parameter for `true` no database would use the index of those who are being erased. */
    async erasing() {
      const rows = await query('select id from users where is_erasing order by id', [])
      return rows.map((row) => row.id as UserId)
    },
    async erased(id) {
      await change(users().update({ is_erasing: false }).where({ id }))
    },
  }
}
