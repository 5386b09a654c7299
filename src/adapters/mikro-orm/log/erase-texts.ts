import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ChatLog } from '../../../application/ports/log.ts'
import type { Database } from '../database/connect.ts'
import { queryOn, time } from '../database/query.ts'
import { clearing } from '../database/retention.ts'
import { isUuid } from '../database/schema.ts'

/** So many go at once, and so many are left. */
export const ERASED_AT_ONCE = { postgres: 1_000, sqlite: 250 }

/** Rows that a sender's batch holds are left to the change, rather than waited for. */
export function erasingTexts(database: Database): ChatLog['eraseTexts'] {
  const query = queryOn(database)
  const rows = ERASED_AT_ONCE[database.dialect]
  const piece = (from = '{messages} m') =>
    `select m.id, m.seq from ${from} where m.chat_id = $1 and m.sender_id = $2 and m.deleted_at is null order by m.n desc limit ${rows} offset ${rows}`
  const clear = `update {messages} set ${clearing('messages')}, deleted_at = $3 where chat_id = $1 and id in`
  const unmention = 'delete from {mentions} where chat_id = $1 and seq in'
  const unname = `delete from {mentions} where (chat_id, user_id, seq) in (
    select chat_id, user_id, seq from {mentions} where chat_id = $1 and user_id = $2 order by seq limit ${rows})`

  /**
   * A message that is gone mentions nobody, whenever the process ends. The chat is held, so that nobody who is just reading its texts for searches keeps
   * grams of them afterwards.
   */
  async function eraseMessages(chatId: string, userId: string, at: number): Promise<number> {
    if (query.isPostgres) {
      const held = `with chat as materialized (select id from {chats} where id = $1 for no key update),
        piece as materialized (${piece('chat join {messages} m on m.chat_id = chat.id')} for update of m skip locked)`
      return query.change(`${held}, gone as (${unmention} (select seq from piece)) ${clear} (select id from piece)`, [chatId, userId, at])
    }
    await query.change(`${unmention} (select seq from (${piece()}))`, [chatId, userId])
    return query.change(`${clear} (select id from (${piece()}))`, [chatId, userId, at])
  }

  return async ({ chatId, userId, at }) => {
    if (!isUuid(chatId) || !isUuid(userId)) return 0
    await nextTurn()
    const messages = await eraseMessages(chatId, userId, time(at))
    const mentions = await query.change(unname, [chatId, userId])
    return messages + mentions
  }
}
