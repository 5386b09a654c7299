import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { folded } from './seen.ts'

export const listChats =
  ({ chats }: Pick<Ports, 'chats'>): ChatApi['listChats'] =>
  (caller, { query, kind }, window) =>
    chats.list(caller.userId, { query: folded(query), kind }, window)
