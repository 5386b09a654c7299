import { fold } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'

export const searchMessages =
  ({ chats }: Pick<Ports, 'chats'>): ChatApi['searchMessages'] =>
  (caller, { query, ...filter }, window) =>
    chats.search(caller.userId, { ...filter, query: fold(query) }, window)
