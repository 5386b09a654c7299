import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { viewOf } from './seen.ts'

export const getChat =
  (ports: Pick<Ports, 'chats'>): ChatApi['getChat'] =>
  (caller, chatId) =>
    viewOf(ports, caller, chatId)
