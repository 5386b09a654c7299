import type { Chats } from '../../../application/ports/chats.ts'
import type { ChatView, Place, Standing } from '../../../application/ports/views.ts'
import type { ChatId, Instant, Seq, UserId } from '../../../domain/ids.ts'
import { apart, type Database, type Row } from '../database/connect.ts'
import { counted, pageOf, placed } from '../database/page.ts'
import { type Parameter, type Query, queryOn, time } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'
import { EPOCH } from '../database/settings.ts'
import { chatColumns, chatOf } from '../log/rows.ts'
import { lowestOn } from '../receipts/lowest.ts'
import { countingOwn, IS_FAR, READ_BY_OTHERS, UNREAD, UNREAD_MENTIONS } from '../receipts/unread.ts'
import { blockIndexer } from '../search/blocks.ts'
import { mikroOrmSearch } from '../search/search.ts'
import { settling } from '../search/settle.ts'
import { extrasOn } from './extras.ts'
import { mikroOrmHistory } from './history.ts'
import { mikroOrmChatList } from './list.ts'
import { mikroOrmMembers } from './members.ts'
import { mikroOrmMentions } from './mentions.ts'
import { mine, mineOf } from './own.ts'
import { mikroOrmReactions } from './reactions.ts'

const STANDING = `select c.id, c.head_seq, c.member_seq, c.member_n, c.guard, me.joined_seq, ${mine('me')}, me.own_at, ${READ_BY_OTHERS} as read_by_others,
  ${UNREAD} as unread, ${UNREAD_MENTIONS} as unread_mentions, ${IS_FAR} from {members} me join {chats} c on c.id = me.chat_id where me.user_id = $1`

/** Behind every id there is. */
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** A mark is looked for among the members of each chat, by its key: one probe for a pair. */
const PLACES = `select c.id, c.head_seq, c.member_seq, c.member_n, c.guard, me.joined_seq, me.joined_at,
  c.head_at >= $2 or coalesce(me.own_at, 0) >= $2 or exists (select 1 from {members} m where m.chat_id = c.id and m.read_at >= $2) as has_moved
  from {members} me join {chats} c on c.id = me.chat_id where me.user_id = $1`

export function mikroOrmChats(database: Database): Chats {
  const query = queryOn(database)
  const lowest = lowestOn(database)
  const extras = extrasOn(database)
  /** Each of these statements has the viewer as its first parameter. */
  const shown = (on: Query): Query =>
    Object.assign(
      async (text: string, parameters: readonly Parameter[]) =>
        extras.shown(await lowest.messages(await on(text, parameters)), parameters[0]!),
      on,
    )
  const messages = shown(query)
  const index = blockIndexer(database)
  const count = countingOwn(query)
  const settle = settling(database)

  async function standings(viewer: UserId, where: string, parameters: readonly Parameter[]): Promise<readonly Standing[]> {
    const rows = await query(`${STANDING} ${where}`, [viewer, ...parameters])
    count(
      viewer,
      rows.filter((row) => row.is_far === 1).map((row) => row.id as string),
    )
    return (await lowest.chats(rows, viewer, 'id')).map(standingOf)
  }

  return {
    ...mikroOrmChatList(messages, { lowest, settle, count }),
    ...mikroOrmMembers(query),
    ...mikroOrmMentions(messages),
    ...mikroOrmHistory(messages, index),
    ...mikroOrmReactions(messages),
    ...mikroOrmSearch(shown(queryOn(apart(database))), index, settle),
    standings: (viewer, among) =>
      among === undefined ? standings(viewer, '', []) : standings(viewer, `and ${query.among('me.chat_id', 2)}`, [among.filter(isUuid)]),
    async places(viewer, since) {
      const rows = await query(PLACES, [viewer, time(since)])
      return rows.map((row) => ({ ...placeOf(row), joinedAt: row.joined_at as Instant, hasMoved: Boolean(row.has_moved) }))
    },
    async standing(viewer, chatId) {
      return isUuid(chatId) ? (await standings(viewer, 'and me.chat_id = $2', [chatId]))[0] : undefined
    },
    async all(window) {
      const text = `select ${chatColumns()} from {chats} where id < $1 order by id desc limit $2`
      const rows = await query(text, [window.from === undefined ? LAST : placed(window.from.id), window.limit + 1])
      const page = pageOf(rows, window, { item: chatOf, position: ({ id }) => ({ id: id as ChatId }) })
      return counted(page, window, () => query('select count(*) as total from {chats}', []))
    },
    async heads(chatIds) {
      const rows = await query(`select id, head_seq from {chats} where ${query.among('id', 1)}`, [chatIds.filter(isUuid)])
      return new Map(rows.map((row) => [row.id as ChatId, row.head_seq as Seq]))
    },
    async joinedSince(userIds, since) {
      const text = `select user_id, chat_id, joined_seq from {members} where ${query.among('user_id', 1)} and joined_at >= $2`
      const rows = await query(text, [userIds.filter(isUuid), time(since)])
      return rows.map((row) => ({ userId: row.user_id as UserId, chatId: row.chat_id as ChatId, joinedSeq: row.joined_seq as Seq }))
    },
    async toErase(userId) {
      const rows = await query(TO_ERASE, [userId])
      return rows.map((row) => ({ chatId: row.chat_id as ChatId, heir: (row.heir as UserId | null) ?? undefined }))
    },
    async epoch() {
      const [row] = await query('select value from {settings} where key = $1', [EPOCH])
      return row!.value as string
    },
  }
}

const placeOf = (row: Row): Place => ({
  chatId: row.id as ChatId,
  headSeq: row.head_seq as Seq,
  memberSeq: row.member_seq as Seq,
  memberCount: row.member_n as ChatView['chat']['memberCount'],
  joinedSeq: row.joined_seq as Seq,
  guard: row.guard as number,
})

const standingOf = (row: Row): Standing => ({
  ...placeOf(row),
  readSeq: row.read_seq as Seq,
  readByOthers: (row.read_by_others as Seq | null) ?? undefined,
  unread: row.unread as number,
  unreadMentions: row.unread_mentions as number,
  me: mineOf(row),
  ownAt: (row.own_at as number | null) ?? 0,
})

/** One probe of an index for each chat there is: erasing is rare, and no index by sender alone is worth its writes. */
const TO_ERASE = `select c.id as chat_id,
  (select x.user_id from {members} x where x.chat_id = c.id and x.user_id <> $1
   order by case x.role when 'admin' then 0 else 1 end, x.joined_seq, x.user_id limit 1) as heir
  from {chats} c
  where exists (select 1 from {messages} m where m.chat_id = c.id and m.sender_id = $1 and m.deleted_at is null)
  or exists (select 1 from {mentions} x where x.chat_id = c.id and x.user_id = $1)
  or exists (select 1 from {reactions} r where r.chat_id = c.id and r.user_id = $1)
  or exists (select 1 from {members} me where me.chat_id = c.id and me.user_id = $1)
    and (c.kind = 'group' or not exists (select 1 from {events} e where e.chat_id = c.id and e.type = 'author.erased' and e.actor_id = $1))
  limit 100`
