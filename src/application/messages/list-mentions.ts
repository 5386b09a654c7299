import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'

export const listMentions =
  ({ chats }: Pick<Ports, 'chats'>): ChatApi['listMentions'] =>
  (caller, filter, window) =>
    chats.mentions(caller.userId, filter, window)
