import type { Consumers } from '../../../application/ports/consumers.ts'
import type { ChatId, Seq } from '../../../domain/ids.ts'
import { placed } from '../database/page.ts'
import { firstIdAt, type Query, time } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'
import { nowOf, positionOf } from './rows.ts'

/** Of a chat as consumer `$1` of generation `$2` finds it. */
const cursorIn = (now: string) => `k.seq, k.to_seq, k.types, k.attempts, k.counted, k.due_at - ${now} as due_in, k.error`
const CURSOR = 'left join {cursors} k on k.consumer_id = $1 and k.generation = $2 and k.chat_id ='
const RECENT = 2_000

/** Finds chats in which consumers are behind. */
export function findingChats(query: Query): Pick<Consumers, 'positions' | 'recent' | 'sweep'> {
  const now = nowOf(query)
  return {
    async positions({ id, generation }, chatIds) {
      const of = (table: string, columns: string, key: string) =>
        `select c.${key} as chat_id, ${columns}, ${cursorIn(now)} from {${table}} c ${CURSOR} c.${key} where ${query.among(`c.${key}`, 3)}`
      const rows = await query(`${of('chats', LIVING, 'id')} union all ${of('deleted_chats', DELETED, 'chat_id')}`, [
        id,
        generation,
        chatIds.filter(isUuid),
      ])
      return rows.map(positionOf)
    },
    async recent(since) {
      const rows = await query(
        `select id as chat_id, head_seq as head from {chats} where id in (
           select chat_id from (select chat_id from {messages} where id >= $1 order by id desc limit ${RECENT}) m
           union select chat_id from (select chat_id from {events} where at >= $2 order by at desc limit ${RECENT}) e)
         union all select chat_id, seq from {deleted_chats} where at >= $2`,
        [firstIdAt(since), time(since)],
      )
      return new Map(rows.map((row) => [row.chat_id as ChatId, row.head as Seq]))
    },
    async sweep({ id, generation, from }, after, limit) {
      const page = `select c.id as chat_id, ${LIVING}, ${cursorIn(now)} from
        (select id, head_seq, head_at from {chats} where id > $3 order by id limit $4) c ${CURSOR} c.id order by c.id`
      const rows = await query(page, [id, generation, placed(after ?? ''), limit])
      const gone = after === undefined ? await query(deletedSince(now), [id, generation, time(from), limit]) : []
      const behind = [...rows, ...gone].map(positionOf).filter(({ head, headAt, cursor }) => (cursor ? cursor.seq < head : headAt >= from))
      return { behind, next: rows.length === limit ? (rows.at(-1)!.chat_id as ChatId) : undefined }
    },
  }
}

const LIVING = 'c.head_seq as head, c.head_at, null as deleted_by'
const DELETED = 'c.seq as head, c.at as head_at, c.actor_id as deleted_by'

const deletedSince = (now: string) => `select c.chat_id, ${DELETED}, ${cursorIn(now)} from {deleted_chats} c ${CURSOR} c.chat_id
  where c.at >= $3 and (k.seq is null or k.seq < c.seq) order by c.at limit $4`
