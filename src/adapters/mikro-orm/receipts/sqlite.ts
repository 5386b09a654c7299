import type { Marked } from '../../../application/ports/receipts.ts'
import type { Instant, Seq } from '../../../domain/ids.ts'
import type { SqliteHandle } from '../database/connect.ts'
import { preparing, sqliteTrouble } from '../database/preparing.ts'
import { type Lowest, lowestOf } from './lowest.ts'
import type { Advance, Marks } from './marks.ts'
import { UNREAD, UNREAD_MENTIONS } from './unread.ts'

const MOVE = `update {members} set read_seq = min(:upto, c.head_seq), read_at = :at, read_n = coalesce(
    (select x.n from {messages} x where x.chat_id = :chat_id and x.seq <= min(:upto, c.head_seq) order by x.seq desc limit 1), 0)
  from (select head_seq from {chats} where id = :chat_id) as c
  where chat_id = :chat_id and user_id = :user_id and min(:upto, c.head_seq) > read_seq`
const NOTE = `insert into {marks} (chat_id, user_id, read_seq, at)
  select chat_id, user_id, read_seq, read_at from {members} where chat_id = :chat_id and user_id = :user_id on conflict do nothing`
const LOOK = `select me.read_seq, me.read_at, ${UNREAD} as unread, ${UNREAD_MENTIONS} as unread_mentions, me.is_marked_unread, c.member_n, c.member_seq
  from {members} me join {chats} c on c.id = me.chat_id
  where me.chat_id = :chat_id and me.user_id = :user_id`
const KNOWN = 'select user_id, read_seq from {members} where chat_id = :chat_id and user_id = :user_id and read_seq = :read_seq'
const LEAST = 'select user_id, read_seq from {members} where chat_id = :chat_id order by read_seq limit 2'

/** A batch is one transaction within one turn of the event loop. */
export function sqliteMarks(handle: SqliteHandle, lowest: Lowest): Marks {
  const { inTransaction, rows, write } = preparing(handle)

  function moved({ chatId, userId, to, at }: Advance['mark']): boolean {
    const names = { chat_id: chatId, user_id: userId }
    const isMoved = write(MOVE, { ...names, upto: to, at }) > 0
    if (isMoved) write(NOTE, names)
    return isMoved
  }

  function marked({ chatId, userId }: Advance['mark'], isMoved: boolean): Marked | undefined {
    const [row] = rows(LOOK, { chat_id: chatId, user_id: userId })
    if (!row) return undefined
    const memberCount = row.member_n as number
    const seen = lowest.of(chatId)
    const known = seen.flatMap(({ userId, readSeq }) => rows(KNOWN, { chat_id: chatId, user_id: userId, read_seq: readSeq }))
    const now = lowestOf(known.length === 2 ? known : rows(LEAST, { chat_id: chatId }))
    lowest.keep(chatId, memberCount, now)
    const receipt = { chatId, userId, readSeq: row.read_seq as Seq, at: row.read_at as Instant, asOf: row.member_seq as Seq }
    return {
      receipt,
      unread: row.unread as number,
      unreadMentions: row.unread_mentions as number,
      isMarkedUnread: row.is_marked_unread === 1,
      moved: isMoved,
      memberCount,
      lowest: now,
    }
  }

  return {
    advance: async (marks) =>
      inTransaction(() => {
        const isMoved = marks.map(moved)
        return marks.map((mark, i) => marked(mark, isMoved[i]!))
      }),
    trouble: sqliteTrouble,
    abort: () => {},
    close: async () => {},
  }
}
