import type { Marked, Receipts } from '../../../application/ports/receipts.ts'
import type { ChatId, Instant, Seq, UserId } from '../../../domain/ids.ts'
import type { Receipt } from '../../../domain/receipt.ts'
import type { Database } from '../database/connect.ts'
import { queryOn, time, whole } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'
import { lanes, type Store } from '../lane/lane.ts'
import type { Closable } from '../log/log.ts'
import { lowestOn } from './lowest.ts'
import type { Advance, AdvanceCall, Merged } from './marks.ts'
import { postgresMarks } from './postgres.ts'
import { sqliteMarks } from './sqlite.ts'

export interface ReceiptsOptions {
  /** Marks that may wait or be under way; one more is refused with `overloaded`. */
  readonly limit?: number
  /** Seconds after which a mark that the database has not answered is refused with `overloaded`. */
  readonly patience?: number
  readonly warn?: (message: string) => void
}

const BATCH = { postgres: 1_000, sqlite: 64 }

/** Receipts on SQLite or Postgres: what arrives while marks are written is merged and written next, beside the senders. */
export function mikroOrmReceipts(database: Database, options: ReceiptsOptions = {}): Receipts & Closable {
  const { limit = 10_000, patience = 10, warn } = options
  const query = queryOn(database)
  const lowest = lowestOn(database)
  const marks = database.dialect === 'sqlite' ? sqliteMarks(database.handle, lowest) : postgresMarks(database.pool, lowest)
  const { advance, ...rest } = marks
  const store: Store<AdvanceCall> = {
    ...rest,
    take: (waiting) => waiting.splice(0, BATCH[database.dialect]),
    async commit(calls) {
      const merged = merge(calls)
      const answers = await advance(merged.map(({ mark }) => mark))
      const answerOf = new Map(merged.map(({ mark, index }, i) => [nameOf(mark), { answer: answers[i], index }]))
      for (const [i, call] of calls.entries()) {
        const { answer, index } = answerOf.get(nameOf(call.mark))!
        call.resolve(answer && { ...answer, moved: answer.moved && i === index })
      }
      return []
    },
  }
  const all = lanes<Advance>([store], { limit, patience, warn })
  return {
    advance: async (mark) =>
      isUuid(mark.chatId) && isUuid(mark.userId) ? all.put<Marked | undefined>(0, { mark: { ...mark, to: whole(mark.to) } }) : undefined,
    async since(chatIds, since) {
      const rows = await query(
        `select m.chat_id, m.user_id, m.read_seq, m.read_at, c.member_seq from {members} m join {chats} c on c.id = m.chat_id
          where ${query.among('m.chat_id', 1)} and m.read_at > $2 and m.read_seq > m.joined_seq`,
        [chatIds.filter(isUuid), time(since)],
      )
      return rows.map(
        ({ chat_id, user_id, read_seq, read_at, member_seq }): Receipt => ({
          chatId: chat_id as ChatId,
          userId: user_id as UserId,
          readSeq: read_seq as Seq,
          at: read_at as Instant,
          asOf: member_seq as Seq,
        }),
      )
    },
    lowest: lowest.read,
    close: all.close,
  }
}

const nameOf = ({ chatId, userId }: Advance['mark']): string => `${chatId} ${userId}`

function merge(calls: readonly Advance[]): Merged[] {
  const highest = new Map<string, Merged>()
  for (const [index, { mark }] of calls.entries()) {
    const name = nameOf(mark)
    const known = highest.get(name)
    if (!known || mark.to > known.mark.to) highest.set(name, { mark, index })
  }
  return [...highest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, merged]) => merged)
}
