import type { Inlets } from '../../application/ports/inlets.ts'
import type { MemoryStore } from './store.ts'

export const memoryInlets = ({ inlets, chats }: MemoryStore): Inlets => ({
  async add(inlet) {
    inlets.set(inlet.id, inlet)
  },
  async get(id) {
    const inlet = inlets.get(id)
    return inlet && chats.has(inlet.chatId) ? inlet : undefined
  },
  async list(chatId) {
    return [...inlets.values()].filter((inlet) => inlet.chatId === chatId)
  },
  async remove(chatId, id) {
    return inlets.get(id)?.chatId === chatId && inlets.delete(id)
  },
})
