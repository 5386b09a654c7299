import type { Sent } from '../../../application/chat-api.ts'
import type { MessageView } from '../../../application/ports/views.ts'
import type { Person } from '../../../domain/identity.ts'
import type { ChatId, Count, Instant, Seq, UserId } from '../../../domain/ids.ts'
import type { Message as DomainMessage } from '../../../domain/message.ts'
import type { Message, MessageReader, Reading } from '../schemas/messages.ts'
import { presentUser } from './people.ts'
import { presentTime, timeOrNull } from './time.ts'

/** Who receives a message. Only its sender sees the idempotency key; all others get the same form. */
export type Audience = UserId | 'others'

export const presentMessage = ({ message, isRead }: MessageView, audience: Audience): Message => ({
  id: message.id,
  chat_id: message.chatId,
  seq: message.seq,
  sender: { id: message.sender.id, username: message.sender.username ?? null, name: message.sender.name ?? null },
  client_message_id: message.sender.id === audience ? message.clientMessageId : null,
  text: textOf(message),
  reply_to: message.replyTo ?? null,
  version: message.version,
  created_at: presentTime(message.at),
  edited_at: timeOrNull(message.editedAt),
  deleted_at: timeOrNull(message.deletedAt),
  read: isRead,
})

const textOf = ({ text, deletedAt }: DomainMessage): string | null => (deletedAt === undefined ? (text ?? null) : null)

export const presentSent = ({ view, replayed }: Sent, audience: UserId) => ({ message: presentMessage(view, audience), replayed })

export const presentReading = (mark: { readonly chatId: ChatId; readonly readSeq: Seq; readonly unread: Count }): Reading => ({
  chat_id: mark.chatId,
  read_seq: mark.readSeq,
  unread: mark.unread,
})

export const presentReader = ({ person, readAt }: { readonly person: Person; readonly readAt: Instant }): MessageReader => ({
  user: presentUser(person),
  read_at: presentTime(readAt),
})
