import type { Chats } from '../../../application/ports/chats.ts'
import type { MessageFilter, MessageRun, MessageWindow } from '../../../application/ports/views.ts'
import type { ChatId, UserId } from '../../../domain/ids.ts'
import { INT_MAX, type Parameter, type Query, whole } from '../database/query.ts'
import { MESSAGE, viewOf } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'
import { ASK, LARGE } from '../receipts/lowest.ts'
import { READ } from '../receipts/unread.ts'
import type { Block } from '../search/blocks.ts'
import { searchingHistory } from '../search/history.ts'

const IN_CHAT = 'from {members} me'
const MEMBER = 'where me.user_id = $1 and me.chat_id = $2'
/** The two who have read least decide about all messages of a page; those of a large chat `lowest` knows. */
const MEMBERS = '(select member_n from {chats} where id = $2)'
const LOWEST = `with lowest as materialized (
    select user_id, read_seq from {members} where chat_id = $2 and ${MEMBERS} <= ${LARGE} order by read_seq limit 2)`
const READ_BY_ALL = `case when ${MEMBERS} > ${LARGE} then ${ASK} when m.seq <= case when m.sender_id = (select user_id from lowest limit 1)
  then (select read_seq from lowest limit 1 offset 1) else (select read_seq from lowest limit 1) end then 1 else 0 end as is_read`
const ONE = `select ${MESSAGE}, ${READ} ${IN_CHAT} left join {messages} m on m.id = $3 and m.chat_id = me.chat_id
  left join {users} s on s.id = m.sender_id ${MEMBER}`

const shown = (query: Query) => `${LOWEST} select ${MESSAGE}, ${READ_BY_ALL} ${IN_CHAT}
  left join {messages} m on m.chat_id = me.chat_id and ${query.among('m.id', 3)} and ${query.contains('m.folded', 4)}
  left join {users} s on s.id = m.sender_id ${MEMBER} order by m.seq`

/** `index` hears of blocks that searches would find faster. */
export function mikroOrmHistory(query: Query, index: (blocks: readonly Block[]) => void): Pick<Chats, 'messages' | 'message'> {
  const search = searchingHistory(query, index, shown(query))
  return {
    async messages(viewer, chatId, window, { senderId, query: part }, limit, count) {
      if (!isUuid(chatId)) return undefined
      if (part !== undefined) return search({ viewer, chatId, filter: { query: part, senderId }, window, limit, isCounted: count })
      const sought = { viewer, chatId, senderId }
      const run = window.kind === 'around' ? await around(query, sought, window.seq, limit) : await straight(query, sought, window, limit)
      return run && { ...run, total: count ? await total(query, sought) : undefined }
    },
    async message(viewer, chatId, messageId) {
      if (!isUuid(chatId)) return undefined
      const [row] = await query(ONE, [viewer, chatId, isUuid(messageId) ? messageId : null])
      return row && { message: row.id === null ? undefined : viewOf(row) }
    },
  }
}

interface Sought {
  readonly viewer: UserId
  readonly chatId: ChatId
  readonly senderId: MessageFilter['senderId']
}
type Run = Omit<MessageRun, 'total'>
type Straight = Exclude<MessageWindow, { kind: 'around' }>

async function around(query: Query, sought: Sought, seq: number, limit: number): Promise<Run | undefined> {
  const half = Math.floor(limit / 2)
  const [older, newer] = await Promise.all([
    straight(query, sought, { kind: 'before', seq }, half),
    straight(query, sought, { kind: 'after', seq: seq - 1 }, limit - half),
  ])
  return older && newer && { items: [...older.items, ...newer.items], hasOlder: older.hasOlder, hasNewer: newer.hasNewer }
}

/** A run that goes one way from one place. What lies the other way is only asked for its existence. */
async function straight(query: Query, { viewer, chatId, senderId }: Sought, window: Straight, limit: number): Promise<Run | undefined> {
  const parameters: Parameter[] = [viewer, chatId, whole(limit) + 1]
  const match = matching(senderId, parameters)
  const chosen = way(window, match, parameters)
  const { isUpward, behind } = chosen
  const order = isUpward ? 'asc' : 'desc'
  const has =
    behind === undefined
      ? 'false'
      : match.kinds.map((kind) => `exists (select 1 from {messages} m where m.chat_id = $2 ${behind} ${kind})`).join(' or ')
  const rows = await query(
    `${LOWEST} select ${MESSAGE}, ${READ_BY_ALL}, case when ${has} then 1 else 0 end as beyond ${IN_CHAT}
     left join (${found(query, match, chosen)}) m on true left join {users} s on s.id = ${match.sender} ${MEMBER} order by m.seq ${order}`,
    parameters,
  )
  if (rows.length === 0) return undefined
  const isBeyond = rows[0]!.beyond === 1
  const items = rows
    .filter((row) => row.id !== null)
    .slice(0, limit)
    .map(viewOf)
  const isMore = rows.length > limit && rows[0]!.id !== null
  return isUpward ? { items, hasOlder: isBeyond, hasNewer: isMore } : { items: items.reverse(), hasOlder: isMore, hasNewer: isBeyond }
}

/** The nearest matches of each kind by the order of its index, of these the nearest: found in the indices first, read as rows only then. */
function found({ isPostgres }: Query, { kinds, by }: Match, { ahead, isUpward, skip }: Way): string {
  const order = isUpward ? 'asc' : 'desc'
  const nearest = (columns: string, kind: string, limit: string) =>
    `select ${columns} from {messages} m where m.chat_id = $2 ${ahead} ${kind} order by m.${by} ${order} limit ${limit}`
  const page = `$3 ${skip && `offset ${skip}`}`
  if (by === 'seq') return nearest('*', kinds[0]!, page)
  const enough = skip ? `cast($3 as bigint) + cast(${skip} as bigint)` : '$3'
  const each = kinds.map((kind, i) => `select * from (${nearest(`m.n, ${i} as kind`, kind, enough)}) kind${i}`)
  const chosen = `(select * from (${each.join(' union all ')}) k order by n ${order} limit ${page}) k`
  const one = (columns: string, kind: string) => `select ${columns} from {messages} m where m.chat_id = $2 and m.n = k.n ${kind}`
  // `offset 0` keeps Postgres from going through all messages of the chat; SQLite knows no `lateral`.
  if (isPostgres)
    return `select m.* from ${chosen} cross join lateral (${kinds.map((kind, i) => `(${one('*', `and k.kind = ${i} ${kind}`)} offset 0)`).join(' union all ')}) m`
  return `select m.* from ${chosen} join {messages} m on m.id = case k.kind ${kinds.map((kind, i) => `when ${i} then (${one('m.id', kind)})`).join(' ')} end`
}

interface Way {
  readonly isUpward: boolean
  /** Conditions on `m`; nothing can lie behind where it is undefined. */
  readonly ahead: string
  readonly behind: string | undefined
  /** The parameter that tells how many matches to leave out. */
  readonly skip: string
}

function way(window: Straight, { by, isEverything }: Match, parameters: Parameter[]): Way {
  const bind = (value: number) => `$${parameters.push(whole(value))}`
  switch (window.kind) {
    case 'newest':
      return { isUpward: false, ahead: '', behind: undefined, skip: '' }
    case 'before': {
      const seq = bind(window.seq)
      return { isUpward: false, ahead: below[by](seq), behind: from[by](seq), skip: '' }
    }
    case 'after': {
      const seq = bind(Math.min(window.seq, Number.MAX_SAFE_INTEGER) + 1)
      return { isUpward: true, ahead: from[by](seq), behind: below[by](seq), skip: '' }
    }
    case 'offset': {
      const isUpward = !window.fromEnd
      if (window.offset <= 0) return { isUpward, ahead: '', behind: undefined, skip: '' }
      const offset = bind(window.offset)
      if (!isEverything) return { isUpward, ahead: '', behind: '', skip: offset }
      // The nth message has no smaller seq than n, nor is it further from the head of the log than from the last message.
      const head = (column: string) => `(select c.${column} from {chats} c where c.id = $2) - ${offset}`
      const ahead = isUpward ? `and m.seq > ${offset} and m.n > ${offset}` : `and m.seq <= ${head('head_seq')} and m.n <= ${head('head_n')}`
      return { isUpward, ahead, behind: '', skip: '' }
    }
  }
}

/** The first message from a place on: the order by `n` is that by `seq`. */
const first = (seq: string) =>
  `coalesce((select x.n from {messages} x where x.chat_id = $2 and x.seq >= ${seq} order by x.seq limit 1), ${INT_MAX})`
const below = { seq: (seq: string) => `and m.seq < ${seq}`, n: (seq: string) => `and m.n < ${first(seq)}` }
const from = { seq: (seq: string) => `and m.seq >= ${seq}`, n: (seq: string) => `and m.n >= ${first(seq)}` }

interface Match {
  /** Conditions on `m`, of which each message that matches fulfils one. */
  readonly kinds: readonly string[]
  /** By what an index finds the nearest of a kind. */
  readonly by: 'seq' | 'n'
  /** Who sent `m`: where that is one person, they are looked up once. */
  readonly sender: string
  readonly isEverything: boolean
}

function matching(senderId: Sought['senderId'], parameters: Parameter[]): Match {
  if (senderId === undefined) return { kinds: [''], by: 'seq', sender: 'm.sender_id', isEverything: true }
  if (!isUuid(senderId)) return { kinds: ['and false'], by: 'seq', sender: 'm.sender_id', isEverything: false }
  const sender = `$${parameters.push(senderId)}`
  const kinds = ['null', 'not null'].map((deleted) => `and m.sender_id = ${sender} and m.deleted_at is ${deleted}`)
  return { kinds, by: 'n', sender, isEverything: false }
}

async function total(query: Query, { chatId, senderId }: Sought): Promise<number> {
  const parameters: Parameter[] = [chatId]
  const { kinds, isEverything } = matching(senderId, parameters)
  const counts = kinds.map((kind) => `(select count(*) from {messages} m where m.chat_id = $1 ${kind})`)
  const [row] = await query(
    isEverything ? 'select head_n as total from {chats} where id = $1' : `select ${counts.join(' + ')} as total`,
    parameters,
  )
  return (row?.total as number | undefined) ?? 0
}
