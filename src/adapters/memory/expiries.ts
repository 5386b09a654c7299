import type { Expiries } from '../../application/ports/expiries.ts'
import type { ChatId } from '../../domain/ids.ts'
import { compareText } from './page.ts'
import { type ChatRecord, type MemoryStore } from './store.ts'

export function memoryExpiries(store: MemoryStore): Expiries {
  const left = ({ sent, passedSeq }: ChatRecord) => sent.filter(({ seq }) => seq > passedSeq)
  return {
    async chats(after = '' as ChatId, which, limit) {
      return [...store.chats.values()]
        .filter(({ state: { chat } }) => chat.id > after && (which === 'all' || chat.rules.keepS > 0))
        .sort((one, other) => compareText(one.state.chat.id, other.state.chat.id))
        .slice(0, limit)
        .map((record) => ({ chatId: record.state.chat.id, rules: record.state.chat.rules, firstAt: left(record)[0]?.at }))
    },
    async first(chatId, limit) {
      const record = store.chats.get(chatId)
      const some = record ? left(record).slice(0, limit) : []
      return some.map(({ id, seq, at, deletedAt }) => ({ id, seq, at, isDeleted: deletedAt !== undefined }))
    },
    async pass(chatId, seq) {
      const record = store.chats.get(chatId)
      if (record) record.passedSeq = Math.max(seq, record.passedSeq)
    },
  }
}
