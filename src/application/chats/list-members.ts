import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { seen } from './seen.ts'

export const listMembers =
  ({ chats }: Pick<Ports, 'chats'>): ChatApi['listMembers'] =>
  async (caller, chatId, window) =>
    seen(await chats.members(caller.userId, chatId, window), chatId)
