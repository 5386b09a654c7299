import type { Chats } from '../../../application/ports/chats.ts'
import type { MemberPosition } from '../../../application/ports/views.ts'
import type { Seq, UserId } from '../../../domain/ids.ts'
import type { Row } from '../database/connect.ts'
import { counted, pageOf, placed } from '../database/page.ts'
import { type Query, whole } from '../database/query.ts'
import { memberOf, personFor, personOf } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'
import { areKnown, isAnswered } from '../database/seeing.ts'

const BY_JOINING = 'order by b.joined_seq, b.user_id'
const listed = (n: number) => `${BY_JOINING} limit $${n}`

/** Members of a group know each other. */
const KNOWN = `(select 1 from {chats} kc where kc.id = me.chat_id and ${isAnswered('kc')}) = 1 or ${areKnown('u.id', 'me.user_id')}`
const PERSON = personFor('me.user_id', KNOWN)

/**
 * The viewer's own row stands in front: no row is no member, a row without the rest is an empty answer. Members are chosen first; their names
 * are read for the page alone.
 */
const inChat = (
  columns: string,
  which: string,
) => `select ${PERSON}, b.role, b.joined_at, b.joined_seq, b.read_seq, b.muted_until ${columns}
  from {members} me left join (select * from {members} b where b.chat_id = $2 and ${which}) b on true left join {users} u on u.id = b.user_id
  where me.user_id = $1 and me.chat_id = $2 ${BY_JOINING}`

const COUNT = 'select count(*) as total from {members} b where b.chat_id = $1'
const READERS = 'b.user_id <> $3 and b.read_seq >= $4'
/** What was there before they came they had read when they came. */
const READ_AT = `, case when b.joined_seq >= $4 then b.joined_at else coalesce(
  (select k.at from {marks} k where k.chat_id = b.chat_id and k.user_id = b.user_id and k.read_seq >= $4 order by k.read_seq limit 1), b.read_at) end as read_since`

const position = (row: Row): MemberPosition => ({ joinedSeq: row.joined_seq as Seq, userId: row.user_id as UserId })
const present = (rows: readonly Row[]) => rows.filter((row) => row.user_id !== null)
const behind = (from: MemberPosition | undefined) => [whole(from?.joinedSeq ?? 0), placed(from?.userId ?? '')]

export function mikroOrmMembers(query: Query): Pick<Chats, 'members' | 'membersOf' | 'readers' | 'readMarks'> {
  return {
    async members(viewer, chatId, window) {
      if (!isUuid(chatId)) return undefined
      const text = inChat('', `(b.joined_seq, b.user_id) > ($3, $4) ${listed(5)}`)
      const rows = await query(text, [viewer, chatId, ...behind(window.from), whole(window.limit) + 1])
      if (rows.length === 0) return undefined
      return counted(pageOf(present(rows), window, { item: memberOf, position }), window, () => query(COUNT, [chatId]))
    },
    async membersOf(viewer, chatId, userIds) {
      if (!isUuid(chatId)) return undefined
      const rows = await query(inChat('', query.among('b.user_id', 3)), [viewer, chatId, userIds.filter(isUuid)])
      if (rows.length === 0) return undefined
      const found = new Map(present(rows).map((row) => [row.user_id, memberOf(row)]))
      return [...new Set(userIds)].flatMap((id) => found.get(id) ?? [])
    },
    async readers(viewer, chatId, { seq, senderId }, window) {
      if (!isUuid(chatId)) return undefined
      const text = inChat(READ_AT, `${READERS} and (b.joined_seq, b.user_id) > ($5, $6) ${listed(7)}`)
      const message = [isUuid(senderId) ? senderId : null, whole(seq)]
      const rows = await query(text, [viewer, chatId, ...message, ...behind(window.from), whole(window.limit) + 1])
      if (rows.length === 0) return undefined
      const item = (row: Row) => ({ person: personOf(row), readAt: row.read_since as number })
      const total = `${COUNT} and b.user_id <> $2 and b.read_seq >= $3`
      return counted(pageOf(present(rows), window, { item, position }), window, () => query(total, [chatId, ...message]))
    },
    async readMarks(chatId, limit) {
      if (!isUuid(chatId)) return []
      const rows = await query(`select b.user_id, b.read_seq from {members} b where b.chat_id = $1 ${listed(2)}`, [chatId, whole(limit)])
      return rows.map((row) => ({ userId: row.user_id as UserId, readSeq: row.read_seq as Seq }))
    },
  }
}
