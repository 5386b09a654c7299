import type { ChatId, ClientMessageId, MessageId } from '../../domain/ids.ts'
import { type Draft, post } from '../../domain/posting.ts'
import { checkedKey, checkedText } from '../../domain/words.ts'
import type { Caller, Sent } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'

export interface Content {
  readonly clientMessageId: ClientMessageId
  readonly text: string
  readonly replyTo?: MessageId | undefined
}
export type PostingNeeds = Pick<Ports, 'log' | 'chats' | 'clock' | 'newId' | 'digest'>

/** Checks what is sent and adds what a decision must not make: id, time and digest. */
export function draftOf(
  { clock, newId, digest }: Pick<Ports, 'clock' | 'newId' | 'digest'>,
  caller: Caller,
  { clientMessageId: key, text, replyTo }: Content,
): Draft {
  const clientMessageId = checkedKey(key)
  const checked = checkedText(text)
  const bodyHash = digest(`${clientMessageId}\0${replyTo ?? ''}\0${checked}`)
  return { id: newId() as MessageId, senderId: caller.userId, clientMessageId, text: checked, bodyHash, replyTo, at: clock() }
}

/** Commits a draft to a chat, or finds the message that an earlier attempt has committed. */
export async function posted({ log, chats }: Pick<Ports, 'log' | 'chats'>, chat: ChatId, draft: Draft): Promise<Sent> {
  const { senderId, clientMessageId, replyTo } = draft
  const scope = { chat, members: [senderId], earlier: [[senderId, clientMessageId]] as const, messages: replyTo ? [replyTo] : [] }
  const { message, replayed } = await log.change(scope, (state) => post(state, draft))
  if (!replayed) return { view: { message, isRead: false }, replayed }
  const now = await chats.message(senderId, chat, message.id)
  return { view: now?.message ?? { message, isRead: false }, replayed }
}
