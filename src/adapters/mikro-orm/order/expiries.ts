import type { Expiries, OldMessage } from '../../../application/ports/expiries.ts'
import type { ChatId, Instant } from '../../../domain/ids.ts'
import type { Database } from '../database/connect.ts'
import { placed } from '../database/page.ts'
import { queryOn, whole } from '../database/query.ts'
import { rulesOf } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'
import { scrubbing } from '../database/scrub.ts'

/** Before every id there is. */
const FIRST = '00000000-0000-0000-0000-000000000000'
/** Rules are written by this service alone, always in the same form; most chats have none. */
const CHATS = (
  where: string,
) => `select c.id, c.rules, (select m.at from {messages} m where m.chat_id = c.id and m.seq > coalesce(c.passed_seq, 0)
  order by m.seq limit 1) as first_at from {chats} c where c.id > $1 ${where} order by c.id limit $2`
const WHICH = { 'with rules': CHATS(`and c.rules like '%"keepS":%'`), 'all': CHATS('') }
const MESSAGES = `select m.id, m.seq, m.at, m.deleted_at from {messages} m where m.chat_id = $1
  and m.seq > (select coalesce(c.passed_seq, 0) from {chats} c where c.id = $1) order by m.seq limit $2`

export function mikroOrmExpiries(database: Database): Expiries {
  const query = queryOn(database)
  const scrub = scrubbing(database)
  return {
    async chats(after, which, limit) {
      const rows = await query(WHICH[which], [after === undefined ? FIRST : placed(after), whole(limit)])
      return rows.map((row) => ({
        chatId: row.id as ChatId,
        rules: rulesOf(row.rules),
        firstAt: (row.first_at as Instant | null) ?? undefined,
      }))
    },
    async first(chatId, limit) {
      if (!isUuid(chatId)) return []
      const rows = await query(MESSAGES, [chatId, whole(limit)])
      return rows.map(({ id, seq, at, deleted_at }) => ({ id, seq, at, isDeleted: deleted_at !== null }) as OldMessage)
    },
    async pass(chatId, seq) {
      const text = 'update {chats} set passed_seq = $2 where id = $1 and coalesce(passed_seq, 0) < $2'
      if (isUuid(chatId) && (await query.change(text, [chatId, whole(seq)])) > 0) await scrub.wanted()
    },
  }
}
