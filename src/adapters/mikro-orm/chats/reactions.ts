import type { Chats } from '../../../application/ports/chats.ts'
import type { ReactorPosition } from '../../../application/ports/views.ts'
import type { Seq, UserId } from '../../../domain/ids.ts'
import { type Emoji, emojiOf } from '../../../domain/reaction.ts'
import type { Row } from '../database/connect.ts'
import { counted, pageOf, placed } from '../database/page.ts'
import { isStorable, type Parameter, type Query, time, whole } from '../database/query.ts'
import { MESSAGE, personFor, personOf, viewOf } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'
import { areKnown } from '../database/seeing.ts'
import { tallyOf } from '../database/tally.ts'
import { READ } from '../receipts/unread.ts'

const MEMBER = 'from {members} me'
const OF_VIEWER = 'where me.user_id = $1 and me.chat_id = $2'
const SUMS = `select r.changed_seq, r.sums ${MEMBER} left join {reaction_sums} r on r.chat_id = me.chat_id and r.message_seq = $3 ${OF_VIEWER}`
const ALL = 'b.chat_id = $1 and b.message_seq = $2'
const reactors = (
  which: string,
) => `select b.emoji, b.at, ${personFor('$7', areKnown('u.id', '$7'))} from (select * from {reactions} b where ${ALL} ${which}
  and (b.at, b.emoji, b.user_id) > ($3, $4, $5) order by b.at, b.emoji, b.user_id limit $6) b
  left join {users} u on u.id = b.user_id order by b.at, b.emoji, b.user_id`
const count = (which: string) => `select count(*) as total from {reactions} b where ${ALL} ${which}`

/** The message of a pin may have been deleted with its author, whose erasure has not ended yet. */
const PINS = `select ${MESSAGE}, ${READ}, ${personFor('me.user_id', areKnown('u.id', 'me.user_id'))}, c.head_seq, b.at as pinned_at ${MEMBER} join {chats} c on c.id = me.chat_id
  left join {pins} b on b.chat_id = me.chat_id left join {messages} m on m.id = b.message_id and m.chat_id = b.chat_id and m.deleted_at is null
  left join {users} s on s.id = m.sender_id left join {users} u on u.id = b.user_id ${OF_VIEWER} order by b.pin_seq desc`

const position = (row: Row): ReactorPosition => ({ at: row.at as number, emoji: row.emoji as Emoji, userId: row.user_id as UserId })

export function mikroOrmReactions(query: Query): Pick<Chats, 'reactions' | 'pins'> {
  return {
    async reactions(viewer, chatId, { seq, emoji }, window) {
      if (!isUuid(chatId)) return undefined
      const [found] = await query(SUMS, [viewer, chatId, whole(seq)])
      if (!found) return undefined
      const { sums } = found.sums === null ? { sums: [] } : tallyOf(found)
      const shown = new Map<string, string>(sums.map((sum) => [emojiOf(sum.emoji), sum.emoji]))
      const kind: Parameter[] = emoji === undefined ? [] : [emoji]
      const from = window.from ?? { at: 0, emoji: '', userId: '' }
      const after = [time(from.at), isStorable(from.emoji) ? from.emoji : '', placed(from.userId), whole(window.limit) + 1]
      const rows = await query(reactors(emoji === undefined ? '' : 'and b.emoji = $8'), [chatId, whole(seq), ...after, viewer, ...kind])
      const item = (row: Row) => ({
        person: personOf(row),
        emoji: shown.get(row.emoji as string) ?? (row.emoji as string),
        at: row.at as number,
      })
      const total = () => query(count(emoji === undefined ? '' : 'and b.emoji = $3'), [chatId, whole(seq), ...kind])
      return counted(pageOf(rows, window, { item, position }), window, total)
    },
    async pins(viewer, chatId) {
      if (!isUuid(chatId)) return undefined
      const rows = await query(PINS, [viewer, chatId])
      if (rows.length === 0) return undefined
      const present = rows.filter((row) => row.id !== null)
      return {
        pins: present.map((row) => ({ view: viewOf(row), at: row.pinned_at as number, by: personOf(row) })),
        headSeq: rows[0]!.head_seq as Seq,
      }
    },
  }
}
