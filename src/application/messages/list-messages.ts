import type { ChatApi } from '../chat-api.ts'
import { folded, seen } from '../chats/seen.ts'
import type { Ports } from '../ports/ports.ts'

export const listMessages =
  ({ chats }: Pick<Ports, 'chats'>): ChatApi['listMessages'] =>
  async (caller, { chatId, window, limit, count = false, senderId, query }) =>
    seen(await chats.messages(caller.userId, chatId, window, { senderId, query: folded(query) }, limit, count), chatId)
