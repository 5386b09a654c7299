import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import { seen } from '../chats/seen.ts'
import { viewerIn } from '../chats/viewer.ts'
import type { Ports } from '../ports/ports.ts'

export const getMessage =
  ({ chats }: Pick<Ports, 'chats'>): ChatApi['getMessage'] =>
  async (caller, { chatId, messageId }) => {
    const { message } = seen(await chats.message(await viewerIn({ chats }, caller, chatId), chatId, messageId), chatId)
    if (!message) throw new Refusal('message-not-found', { messageId })
    return message
  }
