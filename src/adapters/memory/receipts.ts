import type { Receipts } from '../../application/ports/receipts.ts'
import { advance, withinLog } from '../../domain/receipt.ts'
import { chatOf, lowestMarks, type MemoryStore, readSeq, unread, unreadMentions } from './store.ts'

export const memoryReceipts = (store: MemoryStore): Receipts => ({
  async advance({ chatId, userId, to, at }) {
    const record = chatOf(store, userId, chatId)
    if (!record) return undefined
    const { headSeq, memberSeq, memberCount } = record.state.chat
    const marks = record.marks.get(userId)!
    const before = readSeq(record, userId)
    const after = advance(before, withinLog(to, headSeq))
    if (after > before) marks.push({ readSeq: after, at })
    return {
      receipt: { chatId, userId, readSeq: after, at: marks.at(-1)!.at, asOf: memberSeq },
      unread: unread(store, record, userId),
      unreadMentions: unreadMentions(store, record, userId),
      isMarkedUnread: record.own.get(userId)?.isMarkedUnread ?? false,
      moved: after > before,
      memberCount,
      lowest: lowestMarks(record),
    }
  },
  async lowest(chatIds) {
    const records = chatIds.map((chatId) => store.chats.get(chatId)).filter((record) => record !== undefined)
    return new Map(records.map((record) => [record.state.chat.id, lowestMarks(record)]))
  },
  async since(chatIds, since) {
    const records = [...new Set(chatIds)].map((chatId) => store.chats.get(chatId)).filter((record) => record !== undefined)
    return records.flatMap(({ state: { chat }, marks }) =>
      [...marks].flatMap(([userId, [, ...moves]]) => {
        const last = moves.at(-1)
        return last && last.at > since ? [{ chatId: chat.id, userId, readSeq: last.readSeq, at: last.at, asOf: chat.memberSeq }] : []
      }),
    )
  },
})
