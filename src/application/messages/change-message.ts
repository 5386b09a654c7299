import { edit, remove } from '../../domain/posting.ts'
import { Refusal } from '../../domain/refusal.ts'
import { checkedText } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import { seen } from '../chats/read-chats.ts'
import type { Ports } from '../ports/ports.ts'

type Needs = Pick<Ports, 'log' | 'chats' | 'clock'>

export const editMessage =
  ({ log, chats, clock }: Needs): ChatApi['editMessage'] =>
  async (caller, { chatId, messageId, text, version }) => {
    const change = { editorId: caller.userId, messageId, text: checkedText(text), version, at: clock() }
    const message = await log.change({ chat: chatId, members: [caller.userId], messages: [messageId] }, (state) => edit(state, change))
    const now = seen(await chats.message(caller.userId, chatId, messageId), chatId)
    return { message, isRead: now.message?.isRead ?? false }
  }

export const deleteMessage =
  ({ log, clock }: Needs): ChatApi['deleteMessage'] =>
  async (caller, { chatId, messageId }) => {
    const change = { deleterId: caller.userId, messageId, at: clock() }
    const message = await log.change({ chat: chatId, members: [caller.userId], messages: [messageId] }, (state) => remove(state, change))
    return { seq: message.changedSeq }
  }

export const getMessage =
  ({ chats }: Needs): ChatApi['getMessage'] =>
  async (caller, { chatId, messageId }) => {
    const { message } = seen(await chats.message(caller.userId, chatId, messageId), chatId)
    if (!message) throw new Refusal('message-not-found', { messageId })
    return message
  }
