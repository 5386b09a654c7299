import type { RequestPosition, Requests } from '../../../application/ports/requests.ts'
import type { UserId } from '../../../domain/ids.ts'
import type { Database, Row } from '../database/connect.ts'
import { counted, pageOf, placed } from '../database/page.ts'
import { lockingChat, queryOn, time, whole } from '../database/query.ts'
import { personOf, STRANGER } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'
import { requestOf } from '../log/rows.ts'

const OWN = 'chat_id = $1 and user_id = $2'
const ADD = `insert into {join_requests} (chat_id, user_id, invitation_id, at) select $1, $2, $3, $4
  where exists (select 1 from {chats} where id = $1) and not exists (select 1 from {members} where ${OWN})
  and (select count(*) from {join_requests} r where r.chat_id = $1) < $5 on conflict do nothing`

export function mikroOrmRequests(database: Database): Requests {
  const query = queryOn(database)
  const position = (row: Row): RequestPosition => ({ at: row.at as number, userId: row.user_id as UserId })
  return {
    async add({ chatId, userId, invitationId, at }, limit) {
      const added = (await query.together([...lockingChat(query, chatId), [ADD, [chatId, userId, invitationId, time(at), limit]]])).at(-1)!
      return added > 0 || (await query(`select 1 from {join_requests} where ${OWN}`, [chatId, userId])).length > 0
    },
    async list(chatId, window) {
      if (!isUuid(chatId)) return { items: [], next: undefined, prev: undefined, ...(window.count && { total: 0 }) }
      const { from, limit } = window
      const after = from ? 'and (r.at, r.user_id) > ($3, $4)' : ''
      const text = `select ${STRANGER}, r.at, r.invitation_id from (select * from {join_requests} r where r.chat_id = $1 ${after}
        order by r.at, r.user_id limit $2) r join {users} u on u.id = r.user_id order by r.at, r.user_id`
      const rows = await query(text, [chatId, whole(limit) + 1, ...(from ? [time(from.at), placed(from.userId)] : [])])
      const page = pageOf(rows, window, { item: (row) => ({ ...requestOf(row), person: personOf(row) }), position })
      return counted(page, window, () => query('select count(*) as total from {join_requests} where chat_id = $1', [chatId]))
    },
    remove: async (chatId, userId) =>
      isUuid(chatId) && isUuid(userId) && (await query.change(`delete from {join_requests} where ${OWN}`, [chatId, userId])) > 0,
  }
}
