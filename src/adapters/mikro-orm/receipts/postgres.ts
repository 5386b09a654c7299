import type { Marked } from '../../../application/ports/receipts.ts'
import type { Instant, Seq } from '../../../domain/ids.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { Cells, Columns } from '../database/columns.ts'
import type { PgPool, Row } from '../database/connect.ts'
import { laneConnection } from '../lane/connection.ts'
import { over } from '../lane/statements.ts'
import { type Lowest, least, lowestOf } from './lowest.ts'
import type { Advance, Marks } from './marks.ts'
import { UNREAD, UNREAD_MENTIONS, UNREAD_OF } from './unread.ts'

const MARK: Columns = { chat_id: 'uuid', user_id: 'uuid', upto: 'int', at: 'bigint' }
const MEMBER: Columns = { chat_id: 'uuid', user_id: 'uuid' }
const LOWEST: Columns = { chat_id: 'uuid', first: 'uuid', first_seq: 'int', second: 'uuid', second_seq: 'int' }

/**
 * Rows are locked in the order of chat and reader, which is that of the parameters: no two processes wait for each other. A mark that is
 * already there stays. `offset 0` keeps each look-up by its whole key, whatever the planner believes of tables that were empty.
 */
const move = (rows: string) => `with held as materialized (
    select v.chat_id, v.user_id, least(v.upto, c.head_seq) as upto, v.at, v.i from ${rows}
      cross join lateral (select head_seq from {chats} where id = v.chat_id offset 0) as c
      cross join lateral (select 1 from {members} m where m.chat_id = v.chat_id and m.user_id = v.user_id
        and m.read_seq < least(v.upto, c.head_seq) offset 0 for no key update) as m
  ), moved as (
    update {members} m set read_seq = h.upto, read_at = h.at, read_n = coalesce(
        (select x.n from {messages} x where x.chat_id = h.chat_id and x.seq <= h.upto order by x.seq desc limit 1), 0)
      from held h where m.chat_id = h.chat_id and m.user_id = h.user_id and h.upto > m.read_seq
      returning m.chat_id, m.user_id, m.read_seq, m.read_at, h.i
  ), noted as (
    insert into {marks} (chat_id, user_id, read_seq, at) select chat_id, user_id, read_seq, read_at from moved on conflict do nothing
  ) select i from moved`

const look = (
  rows: string,
) => `select v.i, me.read_seq, me.read_at, ${UNREAD} as unread, ${UNREAD_MENTIONS} as unread_mentions, case when me.is_marked_unread then 1 else 0 end as is_marked_unread, c.member_n, c.member_seq from ${rows}
  cross join lateral (select id, head_n, member_n, member_seq from {chats} where id = v.chat_id offset 0) as c
  cross join lateral (select user_id, read_seq, read_at, is_marked_unread, ${UNREAD_OF} from {members} where chat_id = v.chat_id and user_id = v.user_id offset 0) as me`

const moving = over('move', MARK, move, true)
const looking = over('look', MEMBER, look, true)
const finding = over('least', LOWEST, (rows) => least(rows), true)

/**
 * One statement moves the marks of a batch. What is answered is read in later ones: the last two who catch up at the same time, in different
 * processes, each see their own mark, and at least one of them sees both.
 */
export function postgresMarks(pool: PgPool, lowest: Lowest): Marks {
  const connection = laneConnection(pool)

  async function advance(marks: readonly Advance['mark'][]): Promise<readonly (Marked | undefined)[]> {
    const rows = marks.map(({ chatId, userId, to, at }) => ({ chat_id: chatId, user_id: userId, upto: to, at }))
    const chats = [...new Set(marks.map(({ chatId }) => chatId))].map((chatId): Cells => {
      const [first, second] = lowest.of(chatId)
      return {
        chat_id: chatId,
        first: first?.userId ?? null,
        first_seq: first?.readSeq ?? null,
        second: second?.userId ?? null,
        second_seq: second?.readSeq ?? null,
      }
    })
    const [[moved], [standing, holders]] = (await Promise.all([
      connection.round([moving(rows)]),
      connection.round([looking(rows), finding(chats)]),
    ])) as unknown as [[Row[]], [Row[], Row[]]]
    const isMoved = new Set(moved.map((row) => row.i))
    const ofChat = Map.groupBy(holders, (row) => row.chat_id)
    const answers: (Marked | undefined)[] = marks.map(() => undefined)
    for (const { i, read_seq, read_at, unread, unread_mentions, is_marked_unread, member_n, member_seq } of standing) {
      const index = (i as number) - 1
      const { chatId, userId } = marks[index]!
      const least = lowestOf(ofChat.get(chatId) ?? [])
      lowest.keep(chatId, member_n as number, least)
      const receipt = { chatId, userId, readSeq: read_seq as Seq, at: read_at as Instant, asOf: member_seq as Seq }
      answers[index] = {
        receipt,
        unread: unread as number,
        unreadMentions: unread_mentions as number,
        isMarkedUnread: is_marked_unread === 1,
        moved: isMoved.has(i),
        memberCount: member_n as number,
        lowest: least,
      }
    }
    return answers
  }

  return {
    advance: (marks) =>
      advance(marks).catch((error: unknown) => {
        // A transaction of the host's holds the member: alone, the mark is refused rather than waited for.
        throw marks.length === 1 && (error as { code?: string }).code === '55P03' ? new Refusal('overloaded') : error
      }),
    trouble: (error) => (connection.isLost() ? 'away' : (error as { code?: string }).code?.startsWith('40') ? 'conflict' : 'other'),
    abort: connection.abort,
    close: connection.close,
  }
}
