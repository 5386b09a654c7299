import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { seen } from './seen.ts'
import { viewerIn } from './viewer.ts'

export const listMembers =
  ({ chats }: Pick<Ports, 'chats'>): ChatApi['listMembers'] =>
  async (caller, chatId, window) =>
    seen(await chats.members(await viewerIn({ chats }, caller, chatId), chatId, window), chatId)
