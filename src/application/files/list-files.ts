import type { ChatApi } from '../chat-api.ts'
import { seen } from '../chats/seen.ts'
import type { Ports } from '../ports/ports.ts'
import { storageOf } from './storage.ts'

/** The files of a chat, newest first. */
export const listFiles =
  (ports: Pick<Ports, 'files' | 'storage' | 'chats'>): ChatApi['listFiles'] =>
  async ({ userId }, { chatId, kind }, window) => {
    storageOf(ports)
    seen(await ports.chats.get(userId, chatId), chatId)
    return ports.files.ofChat(chatId, { kind }, window)
  }
