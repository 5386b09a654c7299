import {
  type ChatNotices,
  FOLLOWS_ALL,
  type NoticeLevel,
  type Notices,
  type PushContent,
  type PushDevice,
  type UserNotices,
} from '../../../application/ports/notices.ts'
import type { ChatKind } from '../../../domain/chat.ts'
import type { ChatId, SessionId, UserId } from '../../../domain/ids.ts'
import type { Database, Row } from '../database/connect.ts'
import { type Query, queryOn, time, whole } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'
import { areApart } from '../database/seeing.ts'
import { WANTS_DIGESTS } from '../database/tables/people.ts'

const NIL = '00000000-0000-0000-0000-000000000000'
const DEVICE =
  'd.user_id, d.id as device_id, d.session_id, d.kind as device_kind, d.endpoint, d.p256dh, d.auth, d.content, d.level as device_level'
const IS_LIVE = (
  now: string,
) => `not exists (select 1 from {sessions} s where s.id = d.session_id and (s.ended_at is not null or s.expires_at <= ${now}))
  and not exists (select 1 from {external_sessions} s where s.id = d.session_id and s.ended_at is not null)`

export function mikroOrmNotices(database: Database): Notices {
  const query = queryOn(database)
  const uuid = (n: number) => (query.isPostgres ? `$${n}::uuid` : `$${n}`)
  return {
    ...devices(query),
    async ofChat(userId, chatId) {
      if (!isUuid(chatId)) return undefined
      const text = `select n.level, n.muted_until from {members} m left join {notices} n on n.chat_id = m.chat_id and n.user_id = m.user_id
        where m.chat_id = $1 and m.user_id = $2`
      const [row] = await query(text, [chatId, userId])
      return row && chatNoticesOf(row)
    },
    async setOfChat(userId, chatId, { level, mutedUntil }) {
      if (!isUuid(chatId)) return false
      const [text, big] = query.isPostgres ? ['::text', '::bigint'] : ['', '']
      const insert = `insert into {notices} (chat_id, user_id, level, muted_until) select m.chat_id, m.user_id, $3${text}, $4${big} from {members} m
        where m.chat_id = ${uuid(1)} and m.user_id = ${uuid(2)}
        on conflict (chat_id, user_id) do update set level = excluded.level, muted_until = excluded.muted_until`
      return (await query.change(insert, [chatId, userId, level ?? null, mutedUntil === undefined ? null : time(mutedUntil)])) > 0
    },
    async ofUser(userId) {
      const [row] = await query('select notices from {users} where id = $1', [userId])
      return userNoticesOf(row?.notices)
    },
    async setOfUser(userId, notices) {
      await query.change('update {users} set notices = $2 where id = $1 and erased_at is null', [userId, JSON.stringify(notices)])
    },
    async digested(after, limit) {
      const text = `select id from {users} where ${WANTS_DIGESTS} and email is not null and disabled_at is null and erased_at is null
        and id > $1 order by id limit $2`
      return (await query(text, [after ?? NIL, limit])).map((row) => row.id as UserId)
    },
    async ofChats(userId) {
      const rows = await query('select chat_id, level, muted_until from {notices} where user_id = $1', [userId])
      return new Map(rows.map((row) => [row.chat_id as ChatId, chatNoticesOf(row)]))
    },
  }
}

function devices(query: Query): Pick<Notices, 'keepDevice' | 'dropDevice' | 'reached' | 'showed' | 'readSince' | 'cleared'> {
  const [yes, no] = query.isPostgres ? ['true', 'false'] : ['1', '0']
  /** In this order: what is shown meanwhile is waited for, or finds no device. */
  async function dropDevice(userId: UserId, id: string): Promise<void> {
    await query.change('delete from {push_devices} where user_id = $1 and id = $2', [userId, id])
    await query.change('delete from {shown} where user_id = $1 and device_id = $2', [userId, id])
  }
  return {
    async keepDevice({ userId, id, sessionId, kind, endpoint, keys: { p256dh, auth }, content, level }, at) {
      const others = await query('select user_id, id from {push_devices} where endpoint = $1', [endpoint])
      for (const other of others)
        if (other.user_id !== userId || other.id !== id) await dropDevice(other.user_id as UserId, other.id as string)
      const text = `insert into {push_devices} (user_id, id, session_id, kind, endpoint, p256dh, auth, content, level, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (user_id, id) do update set session_id = excluded.session_id,
        kind = excluded.kind, endpoint = excluded.endpoint, p256dh = excluded.p256dh, auth = excluded.auth, content = excluded.content,
        level = excluded.level, created_at = excluded.created_at`
      await query.change(text, [userId, id, sessionId, kind, endpoint, p256dh, auth, content, level ?? null, time(at)])
    },
    dropDevice,
    async reached({ chatId, seq, senderId }, { now, usedSince }) {
      const text = `select ${DEVICE}, n.level, n.muted_until, u.notices as user_notices, c.kind as chat_kind, c.name as chat_name,
          coalesce(w.seq, 0) as shown_seq,
          case when exists (select 1 from {sessions} o where o.user_id = d.user_id and o.id <> d.session_id and o.ended_at is null
            and o.last_used_at >= $5) then 1 else 0 end as is_elsewhere
        from {members} m join {push_devices} d on d.user_id = m.user_id join {users} u on u.id = m.user_id join {chats} c on c.id = m.chat_id
        left join {notices} n on n.chat_id = m.chat_id and n.user_id = m.user_id
        left join {shown} w on w.user_id = d.user_id and w.device_id = d.id and w.chat_id = m.chat_id
        where m.chat_id = $1 and m.read_seq < $2 and m.user_id <> $3 and not ${areApart('m.user_id', '$3')} and u.erased_at is null
          and u.disabled_at is null and d.created_at > coalesce(u.tokens_after, -1) and ${IS_LIVE('$4')}`
      const rows = await query(text, [chatId, whole(seq), senderId, time(now), time(usedSince)])
      return rows.map((row) => ({
        device: deviceOf(row),
        chat: { ...chatNoticesOf(row), kind: row.chat_kind as ChatKind, name: (row.chat_name as string | null) ?? undefined },
        user: userNoticesOf(row.user_notices),
        shownSeq: row.shown_seq as number,
        isInUseElsewhere: row.is_elsewhere === 1,
      }))
    },
    async showed({ userId, id }, chatId, seq) {
      const [chat, number, lock] = query.isPostgres ? ['$3::uuid', '$4::int', 'for key share'] : ['$3', '$4', '']
      const text = `insert into {shown} (user_id, device_id, chat_id, seq, is_cleared) select d.user_id, d.id, ${chat}, ${number}, ${no}
        from {push_devices} d where d.user_id = $1 and d.id = $2 ${lock}
        on conflict (user_id, device_id, chat_id) do update set seq = excluded.seq, is_cleared = excluded.is_cleared where {shown}.seq < excluded.seq`
      await query.change(text, [userId, id, chatId, whole(seq)])
    },
    async readSince(limit) {
      const text = `select ${DEVICE}, w.chat_id, m.read_seq from {shown} w
        join {push_devices} d on d.user_id = w.user_id and d.id = w.device_id
        join {members} m on m.chat_id = w.chat_id and m.user_id = w.user_id and m.read_seq >= w.seq
        where not w.is_cleared limit $1`
      const rows = await query(text, [limit])
      return rows.map((row) => ({ device: deviceOf(row), chatId: row.chat_id as ChatId, readSeq: row.read_seq as number }))
    },
    async cleared({ userId, id }, chatId) {
      const text = `update {shown} set is_cleared = ${yes} where user_id = $1 and device_id = $2 and chat_id = $3 and not is_cleared`
      return (await query.change(text, [userId, id, chatId])) > 0
    },
  }
}

const chatNoticesOf = (row: Row): ChatNotices => ({
  level: (row.level as NoticeLevel | null) ?? undefined,
  mutedUntil: (row.muted_until as number | null) ?? undefined,
})

const userNoticesOf = (text: unknown): UserNotices =>
  typeof text === 'string' ? { ...FOLLOWS_ALL, ...(JSON.parse(text) as UserNotices) } : FOLLOWS_ALL

const deviceOf = (row: Row): PushDevice => ({
  userId: row.user_id as UserId,
  id: row.device_id as string,
  sessionId: row.session_id as SessionId,
  kind: row.device_kind as 'web',
  endpoint: row.endpoint as string,
  keys: { p256dh: row.p256dh as string, auth: row.auth as string },
  content: row.content as PushContent,
  level: (row.device_level as NoticeLevel | null) ?? undefined,
})
