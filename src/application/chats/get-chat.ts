import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { seen } from './seen.ts'
import { viewerIn } from './viewer.ts'

export const getChat =
  (ports: Pick<Ports, 'chats'>): ChatApi['getChat'] =>
  async (caller, chatId) => {
    return seen(await ports.chats.get(await viewerIn(ports, caller, chatId), chatId), chatId)
  }
