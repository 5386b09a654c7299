import type { ChatId, ClientMessageId, MessageId } from '../../domain/ids.ts'
import { type Draft, post } from '../../domain/posting.ts'
import { checkedKey, checkedText } from '../../domain/words.ts'
import type { Caller, ChatApi } from '../chat-api.ts'
import { privateChatOf } from '../chats/open-chat.ts'
import type { Ports } from '../ports/ports.ts'

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

type Needs = Pick<Ports, 'log' | 'chats' | 'clock' | 'newId' | 'digest'>

/** Puts a draft into a chat, or finds out that it is there. */
const posting =
  ({ log, chats }: Pick<Needs, 'log' | 'chats'>) =>
  async (chat: ChatId, draft: Draft) => {
    const { senderId, clientMessageId, replyTo } = draft
    const scope = { chat, members: [senderId], keys: [[senderId, clientMessageId]] as const, messages: replyTo ? [replyTo] : [] }
    const { message, replayed } = await log.change(scope, (state) => post(state, draft))
    if (!replayed) return { view: { message, isRead: false }, replayed }
    const now = await chats.message(senderId, chat, message.id)
    return { view: now?.message ?? { message, isRead: false }, replayed }
  }

export const sendMessage = (needs: Needs): ChatApi['sendMessage'] => {
  const draftOf = drafting(needs)
  const send = posting(needs)
  return async (caller, { chatId, ...content }) => send(chatId, draftOf(caller, content))
}

export const sendMessageToUser = (needs: Needs): ChatApi['sendMessageToUser'] => {
  const open = privateChatOf(needs)
  const draftOf = drafting(needs)
  const send = posting(needs)
  return async (caller, { userId, ...content }) => {
    const draft = draftOf(caller, content)
    return send(await open(caller, { userId, replyTo: draft.replyTo }), draft)
  }
}
