import type { ChatApi } from '../chat-api.ts'
import { seen } from '../chats/seen.ts'
import { viewerIn } from '../chats/viewer.ts'
import type { Ports } from '../ports/ports.ts'
import { getMessage } from './get-message.ts'

export const listReaders =
  (ports: Pick<Ports, 'chats'>): ChatApi['listReaders'] =>
  async (caller, command, window) => {
    const { message } = await getMessage(ports)(caller, command)
    const target = { seq: message.seq, senderId: message.sender.id }
    return seen(await ports.chats.readers(await viewerIn(ports, caller, command.chatId), command.chatId, target, window), command.chatId)
  }
