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
  const piece = `select id, seq from {messages} where chat_id = $1 and sender_id = $2 and deleted_at is null order by n desc limit ${rows} offset ${rows}`
  const clear = `update {messages} set ${clearing('messages')}, deleted_at = $3 where id in`
  const unmention = 'delete from {mentions} where chat_id = $1 and seq in'
  const unname = `delete from {mentions} where (chat_id, user_id, seq) in (
    select chat_id, user_id, seq from {mentions} where chat_id = $1 and user_id = $2 order by seq limit ${rows})`

  /** A message that is gone mentions nobody, whenever the process ends. */
  async function eraseMessages(chatId: string, userId: string, at: number): Promise<number> {
    if (query.isPostgres) {
      const held = `with piece as materialized (${piece} for update skip locked)`
      return query.change(`${held}, gone as (${unmention} (select seq from piece)) ${clear} (select id from piece)`, [chatId, userId, at])
    }
    await query.change(`${unmention} (select seq from (${piece}))`, [chatId, userId])
    return query.change(`${clear} (select id from (${piece}))`, [chatId, userId, at])
  }

  return async ({ chatId, userId, at }) => {
    if (!isUuid(chatId) || !isUuid(userId)) return 0
    await turn()
    const messages = await eraseMessages(chatId, userId, time(at))
    const mentions = await query.change(unname, [chatId, userId])
    return messages + mentions
  }
}

/** Sockets are served between two pieces. */
const turn = () => new Promise<void>((resolve) => void setImmediate(resolve))
