import type { Sent } from '../../../application/chat-api.ts'
import type { MessageView } from '../../../application/ports/views.ts'
import type { Author, Person } from '../../../domain/identity.ts'
import type { ChatId, Count, Instant, Seq, UserId } from '../../../domain/ids.ts'
import type { Content, Message as DomainMessage } from '../../../domain/message.ts'
import type { ReactionSum } from '../../../domain/reaction.ts'
import type { Message, MessageReader, Reading } from '../schemas/messages.ts'
import { presentFile } from './files.ts'
import { presentUser } from './people.ts'
import { presentTime, timeOrNull } from './time.ts'

/** Who receives a message. Only its sender sees the idempotency key; all others get the same form. */
export type Audience = UserId | 'others'

export function presentMessage({ message, isRead, reactions }: MessageView, audience: Audience): Message {
  const { format, mentions, attachments, data } = presentContent(message.content, message.deletedAt !== undefined)
  return {
    id: message.id,
    chat_id: message.chatId,
    seq: message.seq,
    sender: presentSender(message.sender),
    client_message_id: message.sender.id === audience ? message.clientMessageId : null,
    text: textOf(message),
    format,
    mentions,
    attachments,
    data,
    kind: message.kind ?? null,
    forwarded_from: forwardedFrom(message.content),
    reactions: presentSums(reactions.sums),
    reactions_seq: reactions.changedSeq ?? message.seq,
    my_reactions: reactions.own ? [...reactions.own] : null,
    reply_to: message.replyTo ?? null,
    version: message.version,
    created_at: presentTime(message.at),
    edited_at: timeOrNull(message.editedAt),
    deleted_at: timeOrNull(message.deletedAt),
    read: isRead,
  }
}

/**
 * Returns JSON of a message as its sender sees it, out of JSON as all others do: only its sender sees its key. What people write is escaped
 * there, and stands behind the key but for names, so the first place that reads so is the key's.
 */
export function withKey(json: string, { clientMessageId }: DomainMessage): string {
  const at = json.indexOf(NO_KEY) + NO_KEY.length - NULL.length
  return json.slice(0, at) + JSON.stringify(clientMessageId) + json.slice(at + NULL.length)
}
const NULL = 'null'
const NO_KEY = `"client_message_id":${NULL}`

const presentSender = ({ id, username, name }: Author): Message['sender'] => ({ id, username: username ?? null, name: name ?? null })

const forwardedFrom = ({ forwarded }: Content): Message['forwarded_from'] =>
  forwarded ? { sender: presentSender(forwarded.sender), created_at: presentTime(forwarded.at) } : null

/** The members that an edit can change, without the text. */
export const presentContent = (
  { format, mentions, attachments, data }: Content,
  isDeleted: boolean,
): Pick<Message, 'format' | 'mentions' | 'attachments' | 'data'> => ({
  format: isDeleted ? null : format,
  mentions: mentions.map((mention) => {
    const { start, length } = mention
    return mention.kind === 'all' ? { kind: 'all', start, length } : { kind: 'user', user_id: mention.userId, start, length }
  }),
  attachments: attachments.map(({ file, alt, durationMs, waveform }) => ({
    file: presentFile(file),
    alt: alt ?? null,
    duration_ms: durationMs ?? null,
    waveform: waveform ? [...waveform] : null,
  })),
  data: data ?? null,
})

export const presentSums = (sums: readonly ReactionSum[]): Message['reactions'] =>
  sums.map(({ emoji, count, userIds }) => ({ emoji, count, user_ids: [...userIds] }))

const textOf = ({ text, deletedAt }: DomainMessage): string | null => (deletedAt === undefined ? (text ?? null) : null)

/** The answer to a frame: frames name nobody's own reactions. */
export const presentSent = ({ view, replayed }: Sent, audience: UserId) => ({
  message: presentMessage(view.reactions.own ? { ...view, reactions: { ...view.reactions, own: undefined } } : view, audience),
  replayed,
})

export const presentReading = (mark: {
  readonly chatId: ChatId
  readonly readSeq: Seq
  readonly unread: Count
  readonly unreadMentions: Count
}): Reading => ({
  chat_id: mark.chatId,
  read_seq: mark.readSeq,
  unread: mark.unread,
  unread_mentions: mark.unreadMentions,
})

export const presentReader = ({ person, readAt }: { readonly person: Person; readonly readAt: Instant }): MessageReader => ({
  user: presentUser(person),
  read_at: presentTime(readAt),
})
