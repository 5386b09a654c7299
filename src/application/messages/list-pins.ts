import type { ChatApi } from '../chat-api.ts'
import { seen } from '../chats/seen.ts'
import type { Ports } from '../ports/ports.ts'

export const listPins =
  ({ chats }: Pick<Ports, 'chats'>): ChatApi['listPins'] =>
  async ({ userId }, chatId) =>
    seen(await chats.pins(userId, chatId), chatId)
