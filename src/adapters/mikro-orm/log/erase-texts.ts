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
  const text = `update messages set ${clearing('messages')}, deleted_at = $3 where id in (
    select id from messages where chat_id = $1 and sender_id = $2 and deleted_at is null order by n desc limit ${rows} offset ${rows}
    ${query.isPostgres ? 'for update skip locked' : ''})`
  return async ({ chatId, userId, at }) => {
    if (!isUuid(chatId) || !isUuid(userId)) return 0
    await turn()
    return query.change(text, [chatId, userId, time(at)])
  }
}

/** Sockets are served between two pieces. */
const turn = () => new Promise<void>((resolve) => void setImmediate(resolve))
