import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Chats } from '../../../application/ports/chats.ts'
import type { MentionPosition } from '../../../application/ports/views.ts'
import type { ChatId, UserId } from '../../../domain/ids.ts'
import type { Row } from '../database/connect.ts'
import { placed } from '../database/page.ts'
import { INT_MAX, type Parameter, type Query, time, whole } from '../database/query.ts'
import { MESSAGE, viewOf } from '../database/rows.ts'
import { ALL } from '../database/schema.ts'
import { hasBlocked } from '../database/seeing.ts'
import { READ } from '../receipts/unread.ts'

/**
 * The chats of a viewer that have moved lately, and the newest so many that stand still. In one statement: a chat that moves from one kind to the
 * other between two would be in neither.
 */
const PLACES = `select p.chat_id, p.settled_at from {search_places} p where p.user_id = $1 and p.settled_at is null
  union all select * from (select p.chat_id, p.settled_at from {search_places} p where p.user_id = $1 and p.settled_at is not null
    order by p.settled_at desc, p.chat_id desc limit $2) as settled`

interface Piece {
  readonly chatIds: readonly string[]
  /** Nothing in the chats of later pieces is newer. */
  readonly rest: number
}

/**
 * Rows `x` of `mentions` in the chats that parameter 2 lists: those of the viewer, and those of all members since the viewer joined. With a
 * limit, the newest so many of either in each chat.
 */
function found({ isPostgres, among }: Query, condition: string, limit = ''): string {
  const columns = 'x.chat_id, x.seq, x.at, x.message_id'
  const members = `{members} me where me.user_id = $1 and ${among('me.chat_id', 2)}`
  const named = (who: string, whose: string) => {
    const inChat = `x.chat_id = me.chat_id and x.user_id = ${who} ${whose} and not ${hasBlocked('$1', 'x.sender_id')} ${condition}`
    const newest = (selected: string) => `select ${selected} from {mentions} x where ${inChat} order by x.seq desc ${limit}`
    return isPostgres
      ? `select x.* from (select * from ${members}) as me cross join lateral (${newest(columns)}) as x`
      : `select ${columns} from (select * from ${members}) as me
         join {mentions} x on x.chat_id = me.chat_id and x.user_id = ${who} and x.seq in (${newest('x.seq')})`
  }
  return `${named('$1', '')} union ${named(`'${ALL}'`, 'and x.seq > me.joined_seq and x.sender_id <> $1')}`
}

interface Found extends Row {
  readonly chat_id: string
  readonly seq: number
  readonly at: number
  readonly message_id: string
}
const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0)
const newestFirst = (a: Found, b: Found): number => compare(b.at, a.at) || compare(b.chat_id, a.chat_id) || compare(b.seq, a.seq)
const positionOf = ({ at, chat_id, seq }: Found): MentionPosition => ({ at, chatId: chat_id as ChatId, seq })

/** `piece`: how many chats are looked at with one statement. */
export function mikroOrmMentions(query: Query, piece = 100): Pick<Chats, 'mentions'> {
  /** Chats of a viewer, the newest first. */
  async function placesOf(viewer: UserId, settled: number): Promise<readonly Piece[]> {
    const rows = await query(PLACES, [viewer, settled])
    const all = rows
      .map((row) => ({ id: row.chat_id as string, at: (row.settled_at as number | null) ?? Infinity }))
      .toSorted((a, b) => compare(b.at, a.at))
    // With fewer than were asked for these are all.
    const isCut = rows.filter((row) => row.settled_at !== null).length === settled
    return Array.from({ length: Math.ceil(all.length / piece) }, (_, i) => {
      const some = all.slice(i * piece, (i + 1) * piece)
      return { chatIds: some.map(({ id }) => id), rest: (all[(i + 1) * piece] ?? (isCut ? some.at(-1) : undefined))?.at ?? -Infinity }
    })
  }

  /** The newest so many, found chat by chat: those of chats whose last message is older than all of them are not looked at. */
  async function newest(viewer: UserId, condition: string, more: readonly Parameter[], count: number): Promise<readonly Found[]> {
    const text = `select * from (${found(query, condition, 'limit $3')}) f order by f.at desc, f.chat_id desc, f.seq desc limit $3`
    for (const settled of [piece, INT_MAX]) {
      let all: readonly Found[] = []
      let left = -Infinity
      const isDone = () => left === -Infinity || (all.length === count && all.at(-1)!.at > left)
      for (const { chatIds, rest } of await placesOf(viewer, settled)) {
        const rows = (await query(text, [viewer, chatIds, count, ...more])) as readonly Found[]
        all = [...all, ...rows].toSorted(newestFirst).slice(0, count)
        left = rest
        if (isDone()) break
        await nextTurn()
      }
      if (isDone()) return all
    }
    throw new Error('A user has more chats than there are numbers')
  }

  async function totalOf(viewer: UserId, condition: string): Promise<number> {
    let total = 0
    const text = `select count(*) as total from (${found(query, condition)}) f`
    for (const { chatIds } of await placesOf(viewer, INT_MAX)) {
      total += (await query(text, [viewer, chatIds]))[0]!.total as number
      await nextTurn()
    }
    return total
  }

  async function shown(viewer: UserId, all: readonly Found[]) {
    const text = `select ${MESSAGE}, ${READ} from ${query.blocks} join {messages} m on m.chat_id = g.chat_id and m.seq = g.block
      join {members} me on me.chat_id = m.chat_id and me.user_id = $1 left join {users} s on s.id = m.sender_id`
    const places = [all.map(({ chat_id }) => chat_id), all.map(({ seq }) => seq)]
    const rows = all.length === 0 ? [] : await query(text, [viewer, ...places])
    const views = new Map(rows.map(viewOf).map((view) => [view.message.id as string, view]))
    return all.flatMap(({ message_id }) => views.get(message_id) ?? [])
  }

  return {
    async mentions(viewer, { unread }, { limit, from, count }) {
      const isUnread = unread ? 'and x.seq > me.read_seq' : ''
      const behind = from ? 'and (x.at, x.chat_id, x.seq) < ($4, $5, $6)' : ''
      const place = from ? [time(from.at), placed(from.chatId), whole(from.seq)] : []
      const all = await newest(viewer, `${isUnread} ${behind}`, place, whole(limit) + 1)
      const here = all.slice(0, limit)
      return {
        items: await shown(viewer, here),
        next: all.length > limit && here.length > 0 ? positionOf(here.at(-1)!) : undefined,
        prev: undefined,
        ...(count && { total: await totalOf(viewer, isUnread) }),
      }
    },
  }
}
