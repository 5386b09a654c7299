import type { Chats } from '../../../application/ports/chats.ts'
import type { ChatView, Standing } from '../../../application/ports/views.ts'
import type { ChatId, Seq, UserId } from '../../../domain/ids.ts'
import type { Database, Row } from '../database/connect.ts'
import { queryOn, time } from '../database/query.ts'
import { READ_BY_OTHERS, UNREAD } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'
import { EPOCH } from '../database/settings.ts'
import { blockIndexer } from '../search/blocks.ts'
import { mikroOrmSearch } from '../search/search.ts'
import { mikroOrmHistory } from './history.ts'
import { mikroOrmChatList } from './list.ts'
import { mikroOrmMembers } from './members.ts'

const STANDING = `select c.id, c.head_seq, c.member_seq, c.member_n, me.joined_seq, me.read_seq, ${READ_BY_OTHERS} as read_by_others,
  ${UNREAD} as unread from members me join chats c on c.id = me.chat_id where me.user_id = $1`

export function mikroOrmChats(database: Database): Chats {
  const query = queryOn(database)
  const index = blockIndexer(database)
  return {
    ...mikroOrmChatList(query),
    ...mikroOrmMembers(query),
    ...mikroOrmHistory(query, index),
    ...mikroOrmSearch(query, index),
    async standings(viewer) {
      return (await query(STANDING, [viewer])).map(standingOf)
    },
    async standing(viewer, chatId) {
      if (!isUuid(chatId)) return undefined
      const [row] = await query(`${STANDING} and me.chat_id = $2`, [viewer, chatId])
      return row && standingOf(row)
    },
    async heads(chatIds) {
      const rows = await query(`select id, head_seq from chats where ${query.among('id', 1)}`, [chatIds.filter(isUuid)])
      return new Map(rows.map((row) => [row.id as ChatId, row.head_seq as Seq]))
    },
    async joinedSince(userIds, since) {
      const text = `select user_id, chat_id, joined_seq from members where ${query.among('user_id', 1)} and joined_at >= $2`
      const rows = await query(text, [userIds.filter(isUuid), time(since)])
      return rows.map((row) => ({ userId: row.user_id as UserId, chatId: row.chat_id as ChatId, joinedSeq: row.joined_seq as Seq }))
    },
    async toErase(userId) {
      const rows = await query(TO_ERASE, [userId])
      return rows.map((row) => ({ chatId: row.chat_id as ChatId, heir: (row.heir as UserId | null) ?? undefined }))
    },
    async epoch() {
      const [row] = await query('select value from settings where key = $1', [EPOCH])
      return row!.value as string
    },
  }
}

const standingOf = (row: Row): Standing => ({
  chatId: row.id as ChatId,
  headSeq: row.head_seq as Seq,
  memberSeq: row.member_seq as Seq,
  memberCount: row.member_n as ChatView['chat']['memberCount'],
  joinedSeq: row.joined_seq as Seq,
  readSeq: row.read_seq as Seq,
  readByOthers: (row.read_by_others as Seq | null) ?? undefined,
  unread: row.unread as number,
})

/** One probe of an index for each chat there is: erasing is rare, and no index by sender alone is worth its writes. */
const TO_ERASE = `select c.id as chat_id,
  (select x.user_id from members x where x.chat_id = c.id and x.user_id <> $1
   order by case x.role when 'admin' then 0 else 1 end, x.joined_seq, x.user_id limit 1) as heir
  from chats c
  where exists (select 1 from messages m where m.chat_id = c.id and m.sender_id = $1 and m.deleted_at is null)
  or exists (select 1 from members me where me.chat_id = c.id and me.user_id = $1)
    and (c.kind = 'group' or not exists (select 1 from events e where e.chat_id = c.id and e.type = 'author.erased' and e.actor_id = $1))
  limit 100`
