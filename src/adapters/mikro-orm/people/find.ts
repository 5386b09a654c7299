import type { People } from '../../../application/ports/people.ts'
import type { UserId } from '../../../domain/ids.ts'
import { counted, pageOf, placed } from '../database/page.ts'
import { isStorable, type Query } from '../database/query.ts'
import { personOf } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'

/** Of a user `u` and the viewer, who is parameter 1: have they a chat in common. */
const ACQUAINTED = `exists (select 1 from members x join members y on y.chat_id = x.chat_id where x.user_id = $1 and y.user_id = u.id)`
/** Last seen only by those who have. */
const SEEN = `u.id as user_id, u.username, u.name as user_name, case when ${ACQUAINTED} then u.last_seen_at end as last_seen_at`

export function findingPeople(query: Query): Pick<People, 'find' | 'see'> {
  return {
    async find(viewer, { query: sought, exact }, window) {
      if (sought === undefined ? exact : !isStorable(sought))
        return { items: [], next: undefined, prev: undefined, ...(window.count && { total: 0 }) }
      const { from } = window
      const whole = 'u.username = $2 or u.email = $2'
      const anywhere = `${whole} or ${query.contains('u.folded_name', 3)} or ${query.contains('u.username', 3)}`
      const filter = `u.erased_at is null and u.id <> $1 ${sought === undefined ? '' : `and (${exact ? whole : anywhere})`}`
      const parameters = [viewer, ...(sought === undefined ? [] : exact ? [sought] : [sought, query.part(sought)])]
      const n = parameters.length
      const rows = await query(
        `select ${SEEN}, u.folded_name from users u where ${filter} ${from ? `and (u.folded_name, u.id) > ($${n + 2}, $${n + 3})` : ''}
         order by u.folded_name, u.id limit $${n + 1}`,
        [...parameters, window.limit + 1, ...(from ? [from.name.replaceAll('\0', ''), placed(from.id)] : [])],
      )
      const page = pageOf(rows, window, {
        item: personOf,
        position: (row) => ({ name: row.folded_name as string, id: row.user_id as UserId }),
      })
      return counted(page, window, () => query(`select count(*) as total from users u where ${filter}`, parameters))
    },
    async see(viewer, id) {
      if (!isUuid(id)) return undefined
      const [row] = await query(`select ${SEEN} from users u where u.id = $2 and u.erased_at is null`, [viewer, id])
      return row && personOf(row)
    },
  }
}
