import type { Inlets } from '../../application/ports/inlets.ts'
import { compareText } from './page.ts'
import type { MemoryStore } from './store.ts'

export const memoryInlets = ({ inlets, chats }: MemoryStore): Inlets => ({
  async add(inlet, limit) {
    const count = [...inlets.values()].filter(({ chatId }) => chatId === inlet.chatId).length
    if (count >= limit || !chats.has(inlet.chatId)) return false
    inlets.set(inlet.id, inlet)
    return true
  },
  async get(id) {
    const inlet = inlets.get(id)
    return inlet && chats.has(inlet.chatId) ? inlet : undefined
  },
  async list(chatId) {
    const found = [...inlets.values()].filter((inlet) => inlet.chatId === chatId && chats.has(chatId))
    return found.sort((a, b) => a.createdAt - b.createdAt || compareText(a.id, b.id))
  },
  async remove(chatId, id) {
    return inlets.get(id)?.chatId === chatId && inlets.delete(id)
  },
})
