import type { Chats } from '../../../application/ports/chats.ts'
import type { ChatView } from '../../../application/ports/views.ts'
import type { ChatId } from '../../../domain/ids.ts'
import type { Row } from '../database/connect.ts'
import { counted, pageOf, placed } from '../database/page.ts'
import { isStorable, type Parameter, type Query, time, whole } from '../database/query.ts'
import { MESSAGE, personOf, READ, READ_BY_OTHERS, UNREAD, viewOf } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'

/** A viewer's chats `c` with their own member row `me` and, of a private chat, the partner `u`. */
const MINE = `from members me join chats c on c.id = me.chat_id
  left join members other on other.chat_id = c.id and other.user_id <> me.user_id and c.kind = 'private'
  left join users u on u.id = other.user_id where me.user_id = $1`

/** The few chats of a page are chosen first; what costs something is looked up only for them. */
const shown = (where: string, order: string) => `with page as materialized (
    select c.id, c.kind, c.name, c.created_at, c.head_seq, c.head_n, c.member_seq, c.member_n, c.last_message_at,
      me.user_id, me.role, me.joined_at, me.read_seq, me.read_n, other.user_id as partner_id, u.username, u.name as user_name, u.last_seen_at
    ${MINE} ${where} ${order})
  select c.id as chat, c.kind, c.name as chat_name, c.created_at as chat_created_at, c.head_seq, c.member_seq, c.member_n, c.last_message_at,
    c.role, c.joined_at, c.read_seq, c.partner_id as user_id, c.username, c.user_name, c.last_seen_at,
    ${UNREAD.replaceAll('me.', 'c.')} as unread, ${READ_BY_OTHERS.replaceAll('me.', 'c.')} as read_by_others, ${MESSAGE}, ${READ}
  from page c left join messages m on m.chat_id = c.id and m.seq = (select max(x.seq) from messages x where x.chat_id = c.id)
  left join users s on s.id = m.sender_id
  order by c.last_message_at desc, c.id desc`

const ONE = shown('and me.chat_id = $2', '')

export function mikroOrmChatList(query: Query): Pick<Chats, 'list' | 'get'> {
  return {
    async list(viewer, { query: sought, kind }, window) {
      if (sought !== undefined && !isStorable(sought))
        return { items: [], next: undefined, prev: undefined, ...(window.count && { total: 0 }) }
      const parameters: Parameter[] = [viewer]
      const bind = (value: Parameter) => parameters.push(value)
      let filter = 'and (me.hidden_n is null or me.hidden_n <> c.head_n)'
      if (kind !== undefined) filter += ` and c.kind = $${bind(kind)}`
      if (sought !== undefined)
        filter += ` and ${query.contains("case c.kind when 'private' then u.folded_name else c.folded_name end", bind(query.part(sought)))}`
      const forCount = [...parameters]
      const { from, limit } = window
      const behind = from ? `and (c.last_message_at, c.id) < ($${bind(time(from.at))}, $${bind(placed(from.id))})` : ''
      const order = `order by c.last_message_at desc, c.id desc limit $${bind(whole(limit) + 1)}`
      const rows = await query(shown(`${filter} ${behind}`, order), parameters)
      const page = pageOf(rows, window, {
        item: chatOf,
        position: (row) => ({ at: row.last_message_at as number, id: row.chat as ChatId }),
      })
      return counted(page, window, () => query(`select count(*) as total ${MINE} ${filter}`, forCount))
    },
    async get(viewer, chatId) {
      if (!isUuid(chatId)) return undefined
      const [row] = await query(ONE, [viewer, chatId])
      return row && chatOf(row)
    },
  }
}

const chatOf = (row: Row): ChatView => ({
  chat: {
    id: row.chat as ChatId,
    kind: row.kind as ChatView['chat']['kind'],
    name: (row.chat_name as string | null) ?? undefined,
    createdAt: row.chat_created_at as number,
    headSeq: row.head_seq as number,
    memberSeq: row.member_seq as number,
    memberCount: row.member_n as number,
  },
  partner: row.user_id === null ? undefined : personOf(row),
  me: { role: row.role as ChatView['me']['role'], joinedAt: row.joined_at as number, readSeq: row.read_seq as number },
  unread: row.unread as number,
  readByOthers: (row.read_by_others as number | null) ?? undefined,
  lastMessage: row.seq === null ? undefined : viewOf(row),
})
