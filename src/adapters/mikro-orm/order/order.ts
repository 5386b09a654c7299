import type { BanPosition, Bans } from '../../../application/ports/bans.ts'
import type { Invitations } from '../../../application/ports/invitations.ts'
import type { UserId } from '../../../domain/ids.ts'
import { columnsOf, listed } from '../database/columns.ts'
import type { Database, Row } from '../database/connect.ts'
import { counted, pageOf, placed } from '../database/page.ts'
import { lockingChat, queryOn, time, whole } from '../database/query.ts'
import { personOf, STRANGER } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'
import { banOf, invitationOf } from '../log/rows.ts'

const IN_FORCE = 'b.chat_id = $1 and (b.until is null or b.until > $2)'

/** The bans of a chat, from an index by chat; their persons are read for the page alone. */
export function mikroOrmBans(database: Database): Bans {
  const query = queryOn(database)
  const position = (row: Row): BanPosition => ({ at: row.at as number, userId: row.user_id as UserId })
  return {
    async list(chatId, now, window) {
      if (!isUuid(chatId)) return { items: [], next: undefined, prev: undefined, ...(window.count && { total: 0 }) }
      const { from, limit } = window
      const after = from ? 'and (b.at, b.user_id) < ($4, $5)' : ''
      const text = `select ${STRANGER}, b.by_id, b.at, b.until, b.reason from (select * from {bans} b where ${IN_FORCE} ${after}
        order by b.at desc, b.user_id desc limit $3) b join {users} u on u.id = b.user_id order by b.at desc, b.user_id desc`
      const rows = await query(text, [chatId, time(now), whole(limit) + 1, ...(from ? [time(from.at), placed(from.userId)] : [])])
      const page = pageOf(rows, window, { item: (row) => ({ ...banOf(row), person: personOf(row) }), position })
      return counted(page, window, () => query(`select count(*) as total from {bans} b where ${IN_FORCE}`, [chatId, time(now)]))
    },
  }
}

const COLUMNS = listed(columnsOf.invitations)
const ADD = `insert into {invitations} (${COLUMNS}) select $1, $2, $3, $4, $5, $6, $7, 0, $9
  where exists (select 1 from {chats} where id = $2) and (select count(*) from {invitations} i where i.chat_id = $2) < $8`

export function mikroOrmInvitations(database: Database): Invitations {
  const query = queryOn(database)
  return {
    async add({ id, chatId, hash, createdBy, createdAt, expiresAt, uses, needsApproval }, { limit, now }) {
      const expired = ['delete from {invitations} where chat_id = $1 and expires_at <= $2', [chatId, time(now)]] as const
      const values = [id, chatId, hash, createdBy, time(createdAt), time(expiresAt), uses ?? null, limit, needsApproval ? 1 : null]
      return (await query.together([...lockingChat(query, chatId), expired, [ADD, values]])).at(-1)! > 0
    },
    async find(hash) {
      const [row] = await query(`select ${COLUMNS} from {invitations} where code_hash = $1`, [hash])
      return row && invitationOf(row)
    },
    async list(chatId, now) {
      if (!isUuid(chatId)) return []
      const text = `select ${COLUMNS} from {invitations} where chat_id = $1 and expires_at > $2 order by created_at, id`
      return (await query(text, [chatId, time(now)])).map(invitationOf)
    },
    remove: async (chatId, id) =>
      isUuid(chatId) && isUuid(id) && (await query.change('delete from {invitations} where chat_id = $1 and id = $2', [chatId, id])) > 0,
  }
}
