import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Row } from '../database/connect.ts'
import type { Query } from '../database/query.ts'
import { ALL } from '../database/schema.ts'
import { hasBlocked } from '../database/seeing.ts'
import { ASK, LARGE } from './lowest.ts'

const MARKS = 'select min(x.read_seq) from {members} x'
/** Whether every member of its chat but the sender has reached a message `m`: 1 or 0. */
export const readOf = (members: string) => `case when ${members} > ${LARGE} then ${ASK}
  when (${MARKS} where x.chat_id = m.chat_id and x.user_id <> m.sender_id) >= m.seq then 1 else 0 end as is_read`
export const READ = readOf('(select x.member_n from {chats} x where x.id = m.chat_id)')

/** Of a chat `c` and its member `me`. */
export const READ_BY_OTHERS = `case when c.member_n > ${LARGE} then ${ASK} else (${MARKS} where x.chat_id = c.id and x.user_id <> me.user_id) end`

const count = (where: string) => `(select count(*) from {messages} x where x.chat_id = c.id and ${where})`
const OWN = 'x.sender_id = me.user_id'
/** Whether the number of one's own messages from the mark on is known up to `own_to_n`. */
const IS_KNOWN = 'me.own_from_n = me.read_n and me.own_to_n >= me.read_n'
/**
 * Of a chat `c` and its member `me`: what was sent above the mark, without what is deleted, one's own, or of people whom the member has
 * blocked. Of one's own, those up to
 * `own_to_n` are not counted again.
 */
export const UNREAD = `case when c.head_n = me.read_n then 0 else c.head_n - me.read_n
  - ${count('x.n > me.read_n and x.deleted_at is not null')}
  - case when ${IS_KNOWN}
    then me.own_between - ${count(`${OWN} and x.n > me.read_n and x.n <= me.own_to_n and x.deleted_at is not null`)}
      + ${count(`${OWN} and x.n > me.own_to_n and x.deleted_at is null`)}
    else ${count(`${OWN} and x.n > me.read_n and x.deleted_at is null`)} end
  - cast((select coalesce(sum(${count('x.sender_id = b.blocked_id and x.n > me.read_n and x.deleted_at is null')}), 0)
    from {blocks} b where b.user_id = me.user_id) as bigint) end`
const BLOCKED = hasBlocked('me.user_id', 'x.sender_id')
/** Of these, the messages that mention the member, or all: each once. */
export const UNREAD_MENTIONS = `case when c.head_n = me.read_n then 0 else (select count(*) from (
  select x.seq from {mentions} x where x.chat_id = c.id and x.user_id = me.user_id and x.seq > me.read_seq and not ${BLOCKED} union
  select x.seq from {mentions} x where x.chat_id = c.id and x.user_id = '${ALL}' and x.seq > me.read_seq and x.sender_id <> me.user_id and not ${BLOCKED}) y) end`
/** The columns of `me` that it looks at, beside `user_id`. */
export const UNREAD_OF = 'read_n, own_from_n, own_to_n, own_between'

/** So many messages are counted each time without harm. */
const NEAR = 5_000
/** One piece of counting, in a background that others share. */
const PIECE = 50_000
/** Whether so much lies above the mark that one's own messages should be counted once and for all. */
export const IS_FAR = `case when c.head_n - case when ${IS_KNOWN} then me.own_to_n else me.read_n end > ${NEAR} then 1 else 0 end as is_far`

const LOOK = `select me.read_n, me.own_to_n, case when ${IS_KNOWN} then me.own_to_n end as known_to, c.head_n
  from {members} me join {chats} c on c.id = me.chat_id where me.chat_id = $1 and me.user_id = $2`
const own = (deleted: string) =>
  `(select count(*) from {messages} x where x.chat_id = $1 and x.sender_id = $2 and x.n > $4 and x.n <= $5 and x.deleted_at is ${deleted})`
/** What was found may have moved: then nothing is written. Of a range that is in the log already, the number of messages never changes. */
const KEEP = `update {members} set own_between = case when $4 = $3 then 0 else own_between end + ${own('null')} + ${own('not null')},
  own_from_n = $3, own_to_n = $5 where chat_id = $1 and user_id = $2 and read_n = $3 and own_to_n is not distinct from $6`

/** Counts the own messages of members that stand far behind, in the background, one member after another. */
export function countingOwn(query: Query): (userId: string, chatIds: readonly string[]) => void {
  let isBusy = false
  async function count(userId: string, chatId: string): Promise<void> {
    for (;;) {
      const [row] = await query(LOOK, [chatId, userId])
      if (!row) return
      const { read_n: from, own_to_n: was, known_to: known, head_n: head } = row as unknown as OwnRow
      const start = known ?? from
      if (head - start <= NEAR) return
      const end = Math.min(head, start + PIECE)
      if ((await query.change(KEEP, [chatId, userId, from, start, end, was])) === 0) return
      await nextTurn()
    }
  }
  async function work(userId: string, chatIds: readonly string[]): Promise<void> {
    isBusy = true
    try {
      for (const chatId of chatIds) await count(userId, chatId)
    } catch {
      // Counting costs more and is as right: the next who looks tries again.
    } finally {
      isBusy = false
    }
  }
  return (userId, chatIds) => {
    if (!isBusy && chatIds.length > 0) void work(userId, chatIds)
  }
}

interface OwnRow extends Row {
  readonly read_n: number
  readonly own_to_n: number | null
  readonly known_to: number | null
  readonly head_n: number
}
