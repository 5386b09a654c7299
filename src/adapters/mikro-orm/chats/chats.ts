import type { Chats } from '../../../application/ports/chats.ts'
import type { ChatView, Place, Standing } from '../../../application/ports/views.ts'
import type { ChatId, Instant, Seq, UserId } from '../../../domain/ids.ts'
import { apart, type Database, type Row } from '../database/connect.ts'
import { counted, pageOf, placed } from '../database/page.ts'
import { firstIdAt, type Parameter, type Query, queryOn, time } from '../database/query.ts'
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
import { IS_SHOWN, mine, mineOf } from './own.ts'
import { mikroOrmReactions } from './reactions.ts'

const STANDING = `select c.id, c.head_seq, c.member_seq, c.member_n, c.guard, me.joined_seq, ${mine('me')}, me.own_at, ${READ_BY_OTHERS} as read_by_others,
  ${UNREAD} as unread, ${UNREAD_MENTIONS} as unread_mentions, ${IS_FAR} from {members} me join {chats} c on c.id = me.chat_id where me.user_id = $1 and ${IS_SHOWN}`

/** Behind every id there is. */
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** A user's chats. */
const OWN = `from {members} me join {chats} c on c.id = me.chat_id where me.user_id = $1 and ${IS_SHOWN}`
/** A mark is looked for among the members of each chat, by its key: one probe for a pair. */
const PLACES = `select c.id, c.head_seq, c.member_seq, c.member_n, c.guard, me.joined_seq, coalesce(me.shown_at, me.joined_at) as shown_at,
  c.head_at >= $2 or coalesce(me.own_at, 0) >= $2 or coalesce(me.shown_at, 0) >= $2 or exists (select 1 from {members} m where m.chat_id = c.id and m.read_at >= $2) as has_moved ${OWN}`
const MY_ROW_MOVED = 'me.read_at >= $2 or coalesce(me.own_at, 0) >= $2 or coalesce(me.shown_at, me.joined_at) >= $2'
const ids = (column: string) => `string_agg(cast(${column} as text), ',')`
/**
 * Of thousands of chats hardly one has moved: the rows stay in the database, and of the chats' own rows only those are looked at that anybody has added
 * to since: counted one by one, or Postgres would join them with all of the user's rows, which it takes for one. Where that is too much, all of the
 * user's are.
 */
const RECENT = 1_000
const MOVED = `with sent as (select m.chat_id from {messages} m where m.id >= $3 order by m.id desc limit ${RECENT}),
  happened as (select e.chat_id from {events} e where e.at >= $2 order by e.at desc limit ${RECENT})
  select own.count, own.moved, (select ${ids('x.chat_id')} from (select chat_id from sent union select chat_id from happened) x
    where (select count(*) from {members} me where me.chat_id = x.chat_id and me.user_id = $1 and ${IS_SHOWN}) > 0) as recent,
    case when (select count(*) from sent) = ${RECENT} or (select count(*) from happened) = ${RECENT} then 1 else 0 end as is_more
  from (select count(*) as count, ${ids('me.chat_id')} filter (where ${MY_ROW_MOVED}) as moved from {members} me where me.user_id = $1 and ${IS_SHOWN}) own`
const ALL_MOVED = `select count(*) as count, ${ids('c.id')} filter (where c.head_at >= $2 or ${MY_ROW_MOVED}) as moved, null as recent ${OWN}`

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
    async places(viewer, since, among) {
      const rows = await (among === undefined
        ? query(PLACES, [viewer, time(since)])
        : query(`${PLACES} and ${query.among('c.id', 3)}`, [viewer, time(since), among.filter(isUuid)]))
      return rows.map((row) => ({ ...placeOf(row), shownAt: row.shown_at as Instant, hasMoved: Boolean(row.has_moved) }))
    },
    moved: movedOn(query),
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
      const text = `select user_id, chat_id, joined_seq from {members} me
        where ${query.among('me.user_id', 1)} and coalesce(me.shown_at, me.joined_at) >= $2 and ${IS_SHOWN}`
      const rows = await query(text, [userIds.filter(isUuid), time(since)])
      return rows.map((row) => ({ userId: row.user_id as UserId, chatId: row.chat_id as ChatId, joinedSeq: row.joined_seq as Seq }))
    },
    async toErase(userId) {
      return (await query(TO_ERASE, [userId])).map(leftOf)
    },
    async epoch() {
      const [row] = await query('select value from {settings} where key = $1', [EPOCH])
      return row!.value as string
    },
  }
}

const movedOn =
  (query: Query): Chats['moved'] =>
  async (viewer, since) => {
    const [first] = await query(MOVED, [viewer, time(since), firstIdAt(since)])
    const [row] = first!.is_more === 1 ? await query(ALL_MOVED, [viewer, time(since)]) : [first]
    const chatIds = [row!.moved, row!.recent].flatMap((some) => (some === null ? [] : (some as string).split(',')))
    return { count: row!.count as number, chatIds: [...new Set(chatIds as ChatId[])] }
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

const leftOf = (row: Row) => ({
  chatId: row.chat_id as ChatId,
  headSeq: row.head_seq as Seq,
  heir: (row.heir as UserId | null) ?? undefined,
})

/**
 * One probe of an index for each chat there is: erasing is rare, and no index by sender alone is worth its writes. A message that was deleted before
 * has its digest until the change that ends the erasure takes all of them.
 */
const TO_ERASE = `select c.id as chat_id, c.head_seq,
  (select x.user_id from {members} x where x.chat_id = c.id and x.user_id <> $1
   order by case x.role when 'admin' then 0 else 1 end, x.joined_seq, x.user_id limit 1) as heir
  from {chats} c
  where exists (select 1 from {messages} m where m.chat_id = c.id and m.sender_id = $1 and m.deleted_at is null)
  or (select m.body_hash from {messages} m where m.chat_id = c.id and m.sender_id = $1 and m.deleted_at is not null order by m.n desc limit 1) <> ''
  or exists (select 1 from {mentions} x where x.chat_id = c.id and x.user_id = $1)
  or exists (select 1 from {reactions} r where r.chat_id = c.id and r.user_id = $1)
  or exists (select 1 from {members} me where me.chat_id = c.id and me.user_id = $1)
    and (c.kind = 'group' or not exists (select 1 from {events} e where e.chat_id = c.id and e.type = 'author.erased' and e.actor_id = $1))
  limit 100`
