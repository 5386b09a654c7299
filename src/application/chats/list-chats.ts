import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { folded } from './seen.ts'

export const listChats =
  ({ chats }: Pick<Ports, 'chats'>): ChatApi['listChats'] =>
  (caller, { query, ...filter }, window) =>
    chats.list(caller.userId, { ...filter, query: folded(query) }, window)
