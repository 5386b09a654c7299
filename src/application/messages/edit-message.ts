import { edit } from '../../domain/posting.ts'
import { checkedText } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import { seen } from '../chats/seen.ts'
import type { Ports } from '../ports/ports.ts'

export const editMessage =
  ({ log, chats, clock }: Pick<Ports, 'log' | 'chats' | 'clock'>): ChatApi['editMessage'] =>
  async (caller, { chatId, messageId, text, version }) => {
    const change = { editorId: caller.userId, messageId, text: checkedText(text), version, at: clock() }
    const message = await log.change({ chat: chatId, members: [caller.userId], messages: [messageId] }, (state) => edit(state, change))
    const now = seen(await chats.message(caller.userId, chatId, messageId), chatId)
    return { message, isRead: now.message?.isRead ?? false }
  }
