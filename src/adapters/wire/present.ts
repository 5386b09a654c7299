import type { Caller, Sent, SignedIn } from '../../application/chat-api.ts'
import type { ChatView, MemberView, MessageView } from '../../application/ports/views.ts'
import type { ChatEvent } from '../../domain/event.ts'
import { type Session as DeviceSession, type Person, type User as Self, toMinute } from '../../domain/identity.ts'
import type { ChatId, Millis, Seq, UserId } from '../../domain/ids.ts'
import type { Message as DomainMessage } from '../../domain/message.ts'
import type { Chat, Member } from './schemas/chats.ts'
import type { Event } from './schemas/events.ts'
import type { Session, SessionEntry, Token } from './schemas/identity.ts'
import type { Message, MessageReader, Reading } from './schemas/messages.ts'
import type { Me, User } from './schemas/people.ts'

/** Whom a message is shown to: its sender sees the key, all others see the same. */
export type Viewer = UserId | 'others'

let lastTime = { at: 0, text: new Date(0).toISOString() }
/** What is shown one after another is often of one moment, whose text is made once. */
export function presentTime(at: Millis): string {
  if (at !== lastTime.at) lastTime = { at, text: new Date(at).toISOString() }
  return lastTime.text
}
const timeOrNull = (at: Millis | undefined): string | null => (at === undefined ? null : presentTime(at))
const seconds = (length: Millis): number => Math.floor(length / 1_000)

// People

export const presentUser = ({ id, username, name, lastSeenAt }: Person): User => ({
  id,
  username: username ?? null,
  name: name ?? null,
  last_seen_at: lastSeenAt === undefined ? null : presentTime(toMinute(lastSeenAt)),
})

export const presentMe = (user: Self): Me => ({ ...presentUser(user), email: user.email ?? null, created_at: presentTime(user.createdAt) })

export const presentToken = (signedIn: SignedIn): Token => ({
  access_token: signedIn.accessToken,
  token_type: 'bearer',
  expires_in: seconds(signedIn.expiresIn),
  refresh_token: signedIn.refreshToken,
  refresh_expires_in: seconds(signedIn.refreshExpiresIn),
})

export const presentSignedIn = (signedIn: SignedIn): Session => ({
  user: presentMe(signedIn.user),
  session_id: signedIn.sessionId,
  ...presentToken(signedIn),
})

export const presentSession = (session: DeviceSession, caller: Caller): SessionEntry => ({
  id: session.id,
  device_name: session.deviceName ?? null,
  created_at: presentTime(session.createdAt),
  last_used_at: presentTime(session.lastUsedAt),
  current: session.id === caller.sessionId,
})

// Chats

export const presentChat = (view: ChatView, viewer: UserId): Chat => ({
  id: view.chat.id,
  kind: view.chat.kind,
  name: view.chat.name ?? null,
  created_at: presentTime(view.chat.createdAt),
  head_seq: view.chat.headSeq,
  read_by_others_seq: view.readByOthers ?? null,
  member_count: view.chat.memberCount,
  partner: view.partner ? presentUser(view.partner) : null,
  me: { role: view.me.role, joined_at: presentTime(view.me.joinedAt), read_seq: view.me.readSeq },
  unread: view.unread,
  last_message: view.lastMessage ? presentMessage(view.lastMessage, viewer) : null,
})

export const presentMember = ({ person, role, joinedAt, readSeq }: MemberView): Member => ({
  user: presentUser(person),
  role,
  joined_at: presentTime(joinedAt),
  read_seq: readSeq,
})

// Messages

export const presentMessage = ({ message, isRead }: MessageView, viewer: Viewer): Message => ({
  id: message.id,
  chat_id: message.chatId,
  seq: message.seq,
  sender: { id: message.sender.id, username: message.sender.username ?? null, name: message.sender.name ?? null },
  client_message_id: message.sender.id === viewer ? message.clientMessageId : null,
  text: textOf(message),
  reply_to: message.replyTo ?? null,
  version: message.version,
  created_at: presentTime(message.at),
  edited_at: timeOrNull(message.editedAt),
  deleted_at: timeOrNull(message.deletedAt),
  read: isRead,
})

const textOf = ({ text, deletedAt }: DomainMessage): string | null => (deletedAt === undefined ? (text ?? null) : null)

export const presentSent = ({ view, replayed }: Sent, viewer: UserId) => ({ message: presentMessage(view, viewer), replayed })

export const presentReading = (mark: { readonly chatId: ChatId; readonly readSeq: Seq; readonly unread: number }): Reading => ({
  chat_id: mark.chatId,
  read_seq: mark.readSeq,
  unread: mark.unread,
})

export const presentReader = ({ person, readAt }: { readonly person: Person; readonly readAt: Millis }): MessageReader => ({
  user: presentUser(person),
  read_at: presentTime(readAt),
})

// Events

/** Who sees an event in a form of their own, if anybody: all others see the same, so that two forms are all there are. */
export const ownerOf = (event: ChatEvent): UserId | undefined => (event.type === 'message.sent' ? event.message.sender.id : undefined)

/**
 * An event for its owner or for everybody else. A message that has only just been sent is read by nobody. That a chat was deleted is told by
 * `chat_gone` alone: presenting it is a defect.
 */
export function presentEvent(event: ChatEvent, viewer: Viewer): Event {
  const { chatId: chat_id, seq, actorId: actor_id } = event
  const at = presentTime(event.at)
  const { type } = event
  switch (type) {
    case 'chat.created': {
      const members = event.members.map(({ person, role }) => ({ user: presentUser(person), role }))
      return { chat_id, seq, at, actor_id, type, kind: event.kind, name: event.name ?? null, members }
    }
    case 'chat.renamed':
      return { chat_id, seq, at, actor_id, type, name: event.name }
    case 'member.added':
      return { chat_id, seq, at, actor_id, type, user: presentUser(event.person), role: event.role }
    case 'member.left':
    case 'member.removed':
    case 'author.erased':
      return { chat_id, seq, at, actor_id, type, user_id: event.userId }
    case 'member.role_changed':
      return { chat_id, seq, at, actor_id, type, user_id: event.userId, role: event.role }
    case 'message.sent':
      return {
        chat_id,
        seq,
        at,
        actor_id,
        type,
        message: presentMessage({ message: event.message, isRead: event.isRead ?? false }, viewer),
      }
    case 'message.edited': {
      const { messageId: message_id, messageSeq: message_seq, text, version, editedAt } = event
      return { chat_id, seq, at, actor_id, type, message_id, message_seq, text: text ?? null, version, edited_at: presentTime(editedAt) }
    }
    case 'message.deleted':
      return {
        chat_id,
        seq,
        at,
        actor_id,
        type,
        message_id: event.messageId,
        message_seq: event.messageSeq,
        deleted_at: presentTime(event.deletedAt),
      }
    case 'chat.deleted':
      throw new Error('defect: a deleted chat has no event to show')
  }
}
