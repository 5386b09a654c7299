import { type CheckedContent, checkedContent, suffixOf } from '../../domain/content.ts'
import type { Scope } from '../../domain/decision.ts'
import { type ChatId, type MessageId, SYSTEM_ID, type UserId } from '../../domain/ids.ts'
import { type Mention, PLAIN } from '../../domain/message.ts'
import { type Draft, post } from '../../domain/posting.ts'
import { NO_REACTIONS } from '../../domain/reaction.ts'
import { Refusal } from '../../domain/refusal.ts'
import { checkedKey } from '../../domain/words.ts'
import type { Caller, NewMessage, Sent, Source } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { widely } from '../widely.ts'

export type PostingNeeds = Pick<Ports, 'log' | 'chats' | 'clock' | 'newId' | 'digest'>
type Drafting = Omit<PostingNeeds, 'log' | 'chats'>
type Sourcing = Pick<PostingNeeds, 'chats'>

/** Checks what is sent and adds what a decision must not make: id, time, digest, and the `source` of a message that is forwarded. */
export function draftOf({ clock, newId, digest }: Drafting, { userId }: Caller, message: NewMessage, source?: Draft['source']): Draft {
  const { replyTo, forward } = message
  const clientMessageId = checkedKey(message.clientMessageId)
  const content = forward ? NOTHING_WRITTEN : checkedContent(message)
  const suffix = forward ? `\0forward\0${forward.chatId}\0${forward.messageId}` : suffixOf(content)
  const { text, format, mentions, attachments, kind, data } = content
  const bodyHash = digest(`${clientMessageId}\0${replyTo ?? ''}\0${text}${suffix}`)
  return {
    id: newId() as MessageId,
    senderId: userId,
    clientMessageId,
    bodyHash,
    text,
    format,
    mentions,
    attachments,
    kind,
    data,
    replyTo,
    source,
    at: clock(),
  }
}

const NOTHING_WRITTEN: CheckedContent = {
  text: '',
  format: PLAIN.format,
  mentions: PLAIN.mentions,
  attachments: [],
  kind: undefined,
  data: undefined,
}

/** The message that is forwarded, or the refusal of one that the caller cannot read: it matters only for a new key. */
export async function sourceOf({ chats }: Sourcing, { userId }: Caller, { chatId, messageId }: Source): Promise<Draft['source']> {
  const found = await chats.message(userId, chatId, messageId)
  if (!found) return new Refusal('chat-not-found', { chatId })
  return found.message?.message ?? new Refusal('message-not-found', { messageId })
}

/** Commits a draft to a chat, or finds the message that an earlier attempt has committed. */
export async function posted({ log, chats }: Pick<Ports, 'log' | 'chats'>, chat: ChatId, draft: Draft): Promise<Sent> {
  const { senderId } = draft
  const { message, replayed } = await widely({ log }, scopeOf(chat, draft), (state) => post(state, draft))
  const sent = { message, isRead: false, reactions: NO_REACTIONS }
  if (!replayed) return { view: sent, replayed }
  const now = await chats.message(senderId, chat, message.id)
  return { view: now?.message ?? sent, replayed }
}

/** What sending a draft has to see of its chat. */
export const scopeOf = (
  chat: ChatId,
  { senderId, clientMessageId, replyTo, mentions = [], attachments = [], isOutside = senderId === SYSTEM_ID }: Draft,
): Scope => ({
  chat,
  members: mentions.length === 0 ? [senderId] : [senderId, ...mentioned(mentions).filter((id) => id !== senderId)],
  earlier: [[senderId, clientMessageId]],
  people: isOutside ? [senderId] : NONE,
  messages: replyTo ? [replyTo] : NONE,
  files: attachments.length === 0 ? NONE : attachments.map(({ fileId }) => fileId),
})

/** Users whom mentions name, each once. */
export const mentioned = (mentions: readonly Mention[]): readonly UserId[] =>
  mentions.length === 0 ? NONE : [...new Set(mentions.flatMap((mention) => (mention.kind === 'user' ? [mention.userId] : [])))]
const NONE: readonly never[] = []
