import type { Columns } from '../database/columns.ts'
import { clearing } from '../database/retention.ts'

/** What names an erasure: a user's messages in a chat below an event. */
export const ERASING: Columns = { chat_id: 'uuid', user_id: 'uuid', seq: 'int', at: 'bigint' }

const own = (alias: string) => `${alias}.chat_id = v.chat_id and ${alias}.sender_id = v.user_id and ${alias}.seq < v.seq`

/** Mentions in the user's messages. One look-up by index for each message, whatever Postgres believes of tables that were empty. */
const unmentioning = {
  postgres: (rows: string) => `delete from {mentions} x using (select m.chat_id, m.seq from ${rows} cross join lateral (
    select chat_id, seq from {messages} m where ${own('m')} and m.deleted_at is null offset 0) as m) as g
    where x.chat_id = g.chat_id and x.seq = g.seq`,
  sqlite: (rows: string) => `delete from {mentions} where (chat_id, seq) in (
    select m.chat_id, m.seq from ${rows} join {messages} m on ${own('m')} and m.deleted_at is null)`,
}
/** Rows that belong to the user's messages. */
const ofMessages = (table: string) => ({
  postgres: (rows: string) => `delete from {${table}} x using (select m.chat_id, m.seq from ${rows} cross join lateral (
    select chat_id, seq from {messages} m where ${own('m')} and m.deleted_at is null offset 0) as m) as g
    where x.chat_id = g.chat_id and x.message_seq = g.seq`,
  sqlite: (rows: string) => `delete from {${table}} where (chat_id, message_seq) in (
    select m.chat_id, m.seq from ${rows} join {messages} m on ${own('m')} and m.deleted_at is null)`,
})
const unpinning = (rows: string) => `delete from {pins} where (chat_id, message_id) in (
  select p.chat_id, p.message_id from ${rows} join {pins} p on p.chat_id = v.chat_id join {messages} m on m.id = p.message_id where ${own('m')})`
/** Mentions of the user. */
const unnaming = (rows: string) => `delete from {mentions} where (chat_id, user_id) in (select v.chat_id, v.user_id from ${rows})`

/** Messages of the user. What was sent after the erasure, in the same batch, stays. */
const clear = (rows: string): string => `update {messages} as m set ${clearing('messages')}, deleted_at = coalesce(m.deleted_at, v.at),
    changed_seq = case when m.deleted_at is null then v.seq else m.changed_seq end from ${rows}
    where ${own('m')} and (m.deleted_at is null or m.body_hash <> '')`

/** The statements that erase for rows `v`, in the order in which they run. */
export const erasing = (dialect: 'postgres' | 'sqlite'): Readonly<Record<string, (rows: string) => string>> => ({
  unmention: unmentioning[dialect],
  unname: unnaming,
  unreact: ofMessages('reactions')[dialect],
  uncount: ofMessages('reaction_sums')[dialect],
  unpin: unpinning,
  erase: clear,
})
