import type { Chats } from '../../../application/ports/chats.ts'
import type { ChatPosition, ChatView } from '../../../application/ports/views.ts'
import type { ChatId, FileId, UserId } from '../../../domain/ids.ts'
import type { Row } from '../database/connect.ts'
import { counted, pageOf, placed } from '../database/page.ts'
import { isStorable, type Parameter, type Query, time, whole } from '../database/query.ts'
import { dataOf, MESSAGE, personOf, rulesOf, viewOf } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'
import { areKnown, isAnswered, seenBy } from '../database/seeing.ts'
import type { Lowest } from '../receipts/lowest.ts'
import { IS_FAR, READ_BY_OTHERS, readOf, UNREAD, UNREAD_MENTIONS, UNREAD_OF } from '../receipts/unread.ts'
import { IS_ARCHIVED, mine, mineOf, OWN_OF } from './own.ts'

const listed = (columns: string, of: string) => columns.replace(/\w+/g, `${of}.$&`)
const ofPage = (text: string) => text.replaceAll('me.', 'c.')

/** What a list has done beside its own reading. */
export interface Aside {
  readonly lowest: Lowest
  /** Hears how many chats of a viewer had to be looked at one by one. */
  readonly settle: (viewer: UserId, loose: number) => void
  /** Counts a member's own messages in these chats. */
  readonly count: (viewer: UserId, chatIds: readonly string[]) => void
}

/** A viewer's chats `c` with their own member row `me`. */
const MINE = '{members} me join {chats} c on c.id = me.chat_id'
const partners = (me: string) => `left join {users} u on u.id =
  case c.kind when 'private' then (select x.user_id from {members} x where x.chat_id = c.id and x.user_id <> ${me}.user_id limit 1) end`
const NEWEST_FIRST = 'order by c.last_message_at desc, c.id desc'
const PINNED_FIRST = 'order by c.pinned_at is null, c.last_message_at desc, c.id desc'
/** A page takes these along from where its chats are chosen. */
const CHOSEN = `c.id, c.kind, c.name, c.created_at, c.head_seq, c.head_n, c.member_seq, c.member_n, c.last_message_at, c.data, c.description, c.avatar, c.rules, c.guard,
  me.user_id, me.role, me.joined_at, me.read_seq, ${listed(OWN_OF, 'me')}, ${listed(UNREAD_OF, 'me')}`

/** Shows chosen chats: what costs something is looked up only for them. `rest` is a further column. */
const shown = (chosen: string, rest = 'null as loose') => `with chosen as materialized (${chosen}),
  page as materialized (select c.*, u.id as partner_id, u.username, u.name as user_name, u.kind as user_kind,
    u.avatar_url, ${seenBy('c.user_id', `${isAnswered('c')} or ${areKnown('u.id', 'c.user_id')}`)} from chosen c ${partners('c')})
  select c.id as chat, c.kind as chat_kind, c.name as chat_name, c.created_at as chat_created_at, c.head_seq, c.member_seq, c.member_n,
    c.last_message_at, c.data, c.description, c.avatar, c.rules, ${mine('c')}, c.partner_id as user_id, c.username, c.user_name, c.user_kind, c.avatar_url,
    c.last_seen_at, c.is_blocked, ${ofPage(UNREAD)} as unread, ${ofPage(UNREAD_MENTIONS)} as unread_mentions, ${ofPage(IS_FAR)},
    ${ofPage(READ_BY_OTHERS)} as read_by_others, ${rest}, ${MESSAGE}, ${readOf('c.member_n')}
  from page c left join {messages} m on m.chat_id = c.id and m.seq = (select max(x.seq) from {messages} x where x.chat_id = c.id)
  left join {users} s on s.id = m.sender_id ${PINNED_FIRST}`

const ONE = shown(`select ${CHOSEN} from ${MINE} where me.user_id = $1 and me.chat_id = $2`)

/** How many chats do not stand still: more than a few are to be settled. */
const LOOSE = '(select count(*) from {search_places} p where p.user_id = $1 and p.settled_at is null) as loose'

interface Choice {
  /** Conditions on `me`, `c` and the partner `u`. */
  readonly filter: string
  readonly limit: string
  readonly from: ChatPosition | undefined
  behind(at: string, id: string): string
}

/**
 * Pinned chats are few. The newest of the others that stand still are found by an index, in their order; the rest, which are few or soon
 * will be, are looked at one by one.
 */
function chosen({ filter, limit, from, behind }: Choice): string {
  const inPinned = from?.pinned ?? from === undefined
  const after = (at: string, id: string) => (from?.pinned ? '' : behind(at, id))
  const partner = filter.includes('u.') ? partners('me') : ''
  const places = (name: string, which: string) => `select * from (select ${CHOSEN} from {search_places} p
    join {members} me on me.chat_id = p.chat_id and me.user_id = p.user_id join {chats} c on c.id = p.chat_id ${partner}
    where p.user_id = $1 and me.pinned_at is null ${filter} and p.settled_at is ${which} limit ${limit}) as ${name}`
  const pinned = `select * from (select ${CHOSEN} from ${MINE} ${partner} where me.user_id = $1 and me.pinned_at is not null ${filter}
    ${behind('c.last_message_at', 'c.id')} ${NEWEST_FIRST} limit ${limit}) as pinned union all `
  const loose = places('loose', `null ${after('c.last_message_at', 'c.id')} ${NEWEST_FIRST}`)
  const settled = places('settled', `not null ${after('p.settled_at', 'p.chat_id')} order by p.settled_at desc, p.chat_id desc`)
  return `select * from (${inPinned ? pinned : ''}${loose} union all ${settled}) c ${PINNED_FIRST} limit ${limit}`
}

export function mikroOrmChatList(query: Query, { lowest, settle, count }: Aside): Pick<Chats, 'list' | 'get'> {
  async function ask(viewer: UserId, text: string, parameters: readonly Parameter[]): Promise<readonly Row[]> {
    const rows = await query(text, parameters)
    count(
      viewer,
      rows.filter((row) => row.is_far === 1).map((row) => row.chat as string),
    )
    return lowest.chats(rows, viewer, 'chat')
  }
  return {
    async list(viewer, { query: sought, kind, archived = false }, window) {
      if (sought !== undefined && !isStorable(sought))
        return { items: [], next: undefined, prev: undefined, ...(window.count && { total: 0 }) }
      const parameters: Parameter[] = [viewer]
      const bind = (value: Parameter) => `$${parameters.push(value)}`
      let filter = `and (me.hidden_n is null or me.hidden_n <> c.head_n) and ${archived ? IS_ARCHIVED : `not (${IS_ARCHIVED})`}`
      if (kind !== undefined) filter += ` and c.kind = ${bind(kind)}`
      if (sought !== undefined)
        filter += ` and ${query.contains("case c.kind when 'private' then u.folded_name else c.folded_name end", parameters.push(query.part(sought)))}`
      const forCount = [...parameters]
      const { from, limit } = window
      const place = from && `(${bind(time(from.at))}, ${bind(placed(from.id))})`
      const behind = (at: string, id: string) => (place ? `and (${at}, ${id}) < ${place}` : '')
      const rows = await ask(viewer, shown(chosen({ filter, from, behind, limit: bind(whole(limit) + 1) }), LOOSE), parameters)
      settle(viewer, (rows[0]?.loose as number | undefined) ?? 0)
      const page = pageOf(rows, window, {
        item: chatOf,
        position: (row) => ({
          ...(row.pinned_at !== null && { pinned: true as const }),
          at: row.last_message_at as number,
          id: row.chat as ChatId,
        }),
      })
      return counted(page, window, () =>
        query(`select count(*) as total from ${MINE} ${partners('me')} where me.user_id = $1 ${filter}`, forCount),
      )
    },
    async get(viewer, chatId) {
      if (!isUuid(chatId)) return undefined
      const [row] = await ask(viewer, ONE, [viewer, chatId])
      return row && chatOf(row)
    },
  }
}

const chatOf = (row: Row): ChatView => ({
  chat: {
    id: row.chat as ChatId,
    kind: row.chat_kind as ChatView['chat']['kind'],
    name: (row.chat_name as string | null) ?? undefined,
    createdAt: row.chat_created_at as number,
    headSeq: row.head_seq as number,
    memberSeq: row.member_seq as number,
    memberCount: row.member_n as number,
    data: dataOf(row.data),
    description: (row.description as string | null) ?? undefined,
    avatar: (row.avatar as FileId | null) ?? undefined,
    rules: rulesOf(row.rules),
  },
  partner: row.user_id === null ? undefined : personOf(row),
  me: mineOf(row),
  unread: row.unread as number,
  unreadMentions: row.unread_mentions as number,
  readByOthers: (row.read_by_others as number | null) ?? undefined,
  lastMessage: row.seq === null ? undefined : viewOf(row),
})
