import type { ClientMessageId, MessageId } from '../domain/ids.ts'
import { checkedKey, checkedText, type Draft, post } from '../domain/message.ts'
import type { Caller, ChatApi } from './chat-api.ts'
import { privateChatOf } from './open-chat.ts'
import type { Ports } from './ports.ts'

type Content = { readonly clientMessageId: ClientMessageId; readonly text: string; readonly replyTo?: MessageId | undefined }

/** Checks a text and gives it what a decision may not make: id, time and digest. */
const drafting =
  ({ clock, newId, digest }: Pick<Ports, 'clock' | 'newId' | 'digest'>) =>
  (caller: Caller, { clientMessageId: key, text, replyTo }: Content): Draft => {
    const clientMessageId = checkedKey(key)
    const checked = checkedText(text)
    const bodyHash = digest(`${clientMessageId}\0${replyTo ?? ''}\0${checked}`)
    return { id: newId() as MessageId, senderId: caller.userId, clientMessageId, text: checked, bodyHash, replyTo, at: clock() }
  }

export const sendMessage = (ports: Pick<Ports, 'log' | 'chats' | 'clock' | 'newId' | 'digest'>): ChatApi['sendMessage'] => {
  const { log, chats } = ports
  const draftOf = drafting(ports)
  return async (caller, { chatId: chat, ...content }) => {
    const draft = draftOf(caller, content)
    const { senderId, clientMessageId, replyTo } = draft
    const scope = { chat, members: [senderId], keys: [[senderId, clientMessageId]] as const, messages: replyTo ? [replyTo] : [] }
    const { message, replayed } = await log.change(scope, (state) => post(state, draft))
    if (!replayed) return { view: { message, isRead: false }, replayed }
    const now = await chats.message(senderId, chat, message.id)
    return { view: now?.message ?? { message, isRead: false }, replayed }
  }
}

export const sendMessageToUser = (ports: Pick<Ports, 'log' | 'chats' | 'clock' | 'newId' | 'digest'>): ChatApi['sendMessageToUser'] => {
  const open = privateChatOf(ports)
  const send = sendMessage(ports)
  return async (caller, { userId, ...content }) => {
    checkedText(content.text)
    return send(caller, { ...content, chatId: await open(caller, userId) })
  }
}
