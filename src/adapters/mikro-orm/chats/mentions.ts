import type { Chats } from '../../../application/ports/chats.ts'
import type { ChatId } from '../../../domain/ids.ts'
import { counted, pageOf, placed } from '../database/page.ts'
import { type Parameter, type Query, time, whole } from '../database/query.ts'
import { MESSAGE, viewOf } from '../database/rows.ts'
import { ALL } from '../database/schema.ts'
import { hasBlocked } from '../database/seeing.ts'
import { READ } from '../receipts/unread.ts'

const BLOCKED = hasBlocked('$1', 'x.sender_id')
const NEWEST_FIRST = (of: string) => `order by ${of}.at desc, ${of}.chat_id desc, ${of}.seq desc`

/** Rows `x` of `mentions`: those of the viewer by one index, and those of all members by a look at the newest of each chat. */
function found({ isPostgres }: Query, condition: string, limit: string): string {
  const columns = 'x.chat_id, x.seq, x.at, x.message_id'
  const own = `select ${columns} from {mentions} x join {members} me on me.chat_id = x.chat_id and me.user_id = $1
    where x.user_id = $1 and not ${BLOCKED} ${condition} ${NEWEST_FIRST('x')} ${limit}`
  const ofAll = `x.chat_id = me.chat_id and x.user_id = '${ALL}' and x.seq > me.joined_seq and x.sender_id <> $1 and not ${BLOCKED} ${condition}`
  const inChat = (selected: string) => `select ${selected} from {mentions} x where ${ofAll} order by x.seq desc ${limit}`
  const all = isPostgres
    ? `select x.* from {members} me cross join lateral (${inChat(columns)}) as x where me.user_id = $1`
    : `select ${columns} from {members} me join {mentions} x on x.chat_id = me.chat_id and x.user_id = '${ALL}' and x.seq in (${inChat('x.seq')})
       where me.user_id = $1`
  return `select * from (${own}) as own union select * from (${all}) as every`
}

export function mikroOrmMentions(query: Query): Pick<Chats, 'mentions'> {
  return {
    async mentions(viewer, { unread }, window) {
      const parameters: Parameter[] = [viewer]
      const bind = (value: Parameter) => `$${parameters.push(value)}`
      const isUnread = unread ? 'and x.seq > me.read_seq' : ''
      const { from } = window
      const behind = from
        ? `and (x.at, x.chat_id, x.seq) < (${bind(time(from.at))}, ${bind(placed(from.chatId))}, ${bind(whole(from.seq))})`
        : ''
      const limit = `limit ${bind(whole(window.limit) + 1)}`
      const rows = await query(
        `select ${MESSAGE}, ${READ} from (select * from (${found(query, `${isUnread} ${behind}`, limit)}) f ${NEWEST_FIRST('f')} ${limit}) f
          join {messages} m on m.id = f.message_id and m.chat_id = f.chat_id left join {users} s on s.id = m.sender_id ${NEWEST_FIRST('f')}`,
        parameters,
      )
      const page = pageOf(rows, window, {
        item: viewOf,
        position: (row) => ({ at: row.at as number, chatId: row.chat_id as ChatId, seq: row.seq as number }),
      })
      return counted(page, window, () => query(`select count(*) as total from (${found(query, isUnread, '')}) f`, [viewer]))
    },
  }
}
