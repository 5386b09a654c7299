import type { Chats, MessageFilter, MessageRun, MessageWindow } from '../../application/ports.ts'
import type { ChatId, UserId } from '../../domain/ids.ts'
import type { Row } from './connect.ts'
import { isStorable, type Parameter, type Query, whole } from './query.ts'
import { MESSAGE, READ, viewOf } from './rows.ts'
import { isUuid } from './schema.ts'

const IN_CHAT = 'from members me'
const MEMBER = 'where me.user_id = $1 and me.chat_id = $2'
/** The two who have read least decide about all messages of a page. */
const LOWEST = 'with lowest as materialized (select user_id, read_seq from members where chat_id = $2 order by read_seq limit 2)'
const READ_BY_ALL = `case when m.seq <= case when m.sender_id = (select user_id from lowest limit 1)
  then (select read_seq from lowest limit 1 offset 1) else (select read_seq from lowest limit 1) end then 1 else 0 end as is_read`
const ONE = `select ${MESSAGE}, ${READ} ${IN_CHAT} left join messages m on m.id = $3 and m.chat_id = me.chat_id
  left join users s on s.id = m.sender_id ${MEMBER}`

export function mikroOrmHistory(query: Query): Pick<Chats, 'messages' | 'message'> {
  return {
    async messages(viewer, chatId, window, filter, limit, count) {
      if (!isUuid(chatId)) return undefined
      const sought = { viewer, chatId, filter }
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
  readonly filter: MessageFilter
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
async function straight(query: Query, { viewer, chatId, filter }: Sought, window: Straight, limit: number): Promise<Run | undefined> {
  const parameters: Parameter[] = [viewer, chatId, whole(limit) + 1]
  const match = matching(query, filter, parameters)
  const { isUpward, where, skip, beyond } = way(window, match !== '', parameters)
  const order = isUpward ? 'asc' : 'desc'
  const has =
    beyond === undefined ? '0' : `case when exists (select 1 from messages m where m.chat_id = $2 ${beyond} ${match}) then 1 else 0 end`
  const rows = await query(
    `${LOWEST} select ${MESSAGE}, ${READ_BY_ALL}, ${has} as beyond ${IN_CHAT} left join (
       select * from messages m where m.chat_id = $2 ${where} ${match} order by m.seq ${order} limit $3 ${skip}
     ) m on true left join users s on s.id = m.sender_id ${MEMBER} order by m.seq ${order}`,
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

interface Way {
  readonly isUpward: boolean
  readonly where: string
  readonly skip: string
  /** Of what lies behind the start; undefined where nothing can. */
  readonly beyond: string | undefined
}

function way(window: Straight, isFiltered: boolean, parameters: Parameter[]): Way {
  const bind = (value: number) => `$${parameters.push(whole(value))}`
  switch (window.kind) {
    case 'newest':
      return { isUpward: false, where: '', skip: '', beyond: undefined }
    case 'before': {
      const seq = bind(window.seq)
      return { isUpward: false, where: `and m.seq < ${seq}`, skip: '', beyond: `and m.seq >= ${seq}` }
    }
    case 'after': {
      const seq = bind(window.seq)
      return { isUpward: true, where: `and m.seq > ${seq}`, skip: '', beyond: `and m.seq <= ${seq}` }
    }
    case 'offset': {
      const isUpward = !window.fromEnd
      const beyond = window.offset > 0 ? '' : undefined
      if (window.offset <= 0) return { isUpward, where: '', skip: '', beyond }
      const offset = bind(window.offset)
      if (isFiltered) return { isUpward, where: '', skip: `offset ${offset}`, beyond }
      // The nth message has no smaller seq than n, nor is it further from the head of the log than from the last message.
      const head = (column: string) => `(select c.${column} from chats c where c.id = $2) - ${offset}`
      const where = isUpward ? `and m.seq > ${offset} and m.n > ${offset}` : `and m.seq <= ${head('head_seq')} and m.n <= ${head('head_n')}`
      return { isUpward, where, skip: '', beyond }
    }
  }
}

/** A condition on `m`, empty without a filter. What cannot be stored is in no message. */
function matching(query: Query, { senderId, query: part }: MessageFilter, parameters: Parameter[]): string {
  if ((senderId !== undefined && !isUuid(senderId)) || (part !== undefined && !isStorable(part))) return 'and false'
  let match = ''
  if (senderId !== undefined) match += ` and m.sender_id = $${parameters.push(senderId)}`
  if (part !== undefined) match += ` and ${query.contains('m.folded', parameters.push(query.part(part)))}`
  return match
}

async function total(query: Query, { chatId, filter }: Sought): Promise<number> {
  const parameters: Parameter[] = [chatId]
  const match = matching(query, filter, parameters)
  const [row]: readonly Row[] = match
    ? await query(`select count(*) as total from messages m where m.chat_id = $1 ${match}`, parameters)
    : await query('select head_n as total from chats where id = $1', parameters)
  return (row?.total as number | undefined) ?? 0
}
