import type { Columns } from '../database/columns.ts'
import { clearing } from '../database/retention.ts'

/** What names an erasure: a user's messages in a chat below an event. */
export const ERASING: Columns = { chat_id: 'uuid', user_id: 'uuid', seq: 'int', at: 'bigint' }

/** Erases the messages of rows `v`, on both databases. What was sent after the erasure, in the same batch, stays. */
export const erasing = (
  rows: string,
): string => `update messages as m set ${clearing('messages')}, deleted_at = coalesce(m.deleted_at, v.at),
    changed_seq = case when m.deleted_at is null then v.seq else m.changed_seq end from ${rows}
    where m.chat_id = v.chat_id and m.sender_id = v.user_id and m.seq < v.seq and (m.deleted_at is null or m.body_hash <> '')`
