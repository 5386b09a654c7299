import type { Event } from '../../adapters/wire/schemas/events.ts'
import type { Session as WireSession, SessionEntry as WireSessionEntry } from '../../adapters/wire/schemas/identity.ts'
import type { Message as WireMessage } from '../../adapters/wire/schemas/messages.ts'
import type { Me as WireMe, User as WireUser } from '../../adapters/wire/schemas/people.ts'
import type { ChatEvent } from '../../domain/event.ts'
import type { Person as DomainPerson } from '../../domain/identity.ts'
import type { ChatId, ClientMessageId, MessageId, UserId } from '../../domain/ids.ts'
import type { Message } from '../../domain/message.ts'
import type { Me, Person, Sender, Session, SessionEntry, Message as ShownMessage } from '../types.ts'

// The only place where what the wire says becomes a value of the client: `wire/present.ts`, backwards.

export const millis = (time: string): number => Date.parse(time)
const perhaps = (time: string | null): number | undefined => (time === null ? undefined : millis(time))

export const readPerson = ({ id, username, name, last_seen_at }: WireUser): Person => ({
  id,
  username: username ?? undefined,
  name: name ?? undefined,
  lastSeenAt: perhaps(last_seen_at),
})

export const asDomainPerson = (user: WireUser): DomainPerson => readPerson(user) as unknown as DomainPerson

export const readMe = (me: WireMe): Me => ({ ...readPerson(me), email: me.email ?? undefined, createdAt: millis(me.created_at) })

export const readSession = (session: WireSession, now: number): Session => ({
  user: readMe(session.user),
  sessionId: session.session_id,
  accessToken: session.access_token,
  accessExpiresAt: now + session.expires_in * 1_000,
  refreshToken: session.refresh_token,
  refreshExpiresAt: now + session.refresh_expires_in * 1_000,
})

export const readSessionEntry = (entry: WireSessionEntry): SessionEntry => ({
  id: entry.id,
  deviceName: entry.device_name ?? undefined,
  createdAt: millis(entry.created_at),
  lastUsedAt: millis(entry.last_used_at),
  isCurrent: entry.current,
})

/** A message in the domain's shape, so that `evolve` changes it. Its key is for ever: the sender's own, or else the id. */
export const readMessage = (message: WireMessage): Message => ({
  id: message.id as MessageId,
  chatId: message.chat_id as ChatId,
  seq: message.seq,
  n: 0,
  sender: asDomainPerson({ ...message.sender, last_seen_at: null }),
  clientMessageId: (message.client_message_id ?? message.id) as ClientMessageId,
  bodyHash: '',
  text: message.text ?? undefined,
  replyTo: (message.reply_to ?? undefined) as MessageId | undefined,
  version: message.version,
  at: millis(message.created_at),
  editedAt: perhaps(message.edited_at),
  deletedAt: perhaps(message.deleted_at),
  changedSeq: 0,
})

const senderOf = ({ id, username, name }: DomainPerson): Sender => ({ id, username, name })

export const showMessage = (message: Message): ShownMessage => {
  const { id, chatId, seq, clientMessageId, text, replyTo, version, at, editedAt, deletedAt } = message
  const sender = senderOf(message.sender)
  return {
    id,
    chatId,
    seq,
    sender,
    clientMessageId: (clientMessageId as string) === id ? undefined : clientMessageId,
    text,
    replyTo,
    version,
    at,
    editedAt,
    deletedAt,
  }
}

/** Undefined for a kind of event that this version does not know: its `seq` counts all the same. */
export function readEvent(event: Event): ChatEvent | undefined {
  const common = { chatId: event.chat_id as ChatId, seq: event.seq, at: millis(event.at), actorId: event.actor_id as UserId }
  switch (event.type) {
    case 'chat.created': {
      const members = event.members.map(({ user, role }) => ({ person: asDomainPerson(user), role }))
      return { ...common, type: event.type, kind: event.kind, name: event.name ?? undefined, key: undefined, members }
    }
    case 'chat.renamed':
      return { ...common, type: event.type, name: event.name }
    case 'member.added':
      return { ...common, type: event.type, person: asDomainPerson(event.user), role: event.role }
    case 'member.left':
    case 'member.removed':
    case 'author.erased':
      return { ...common, type: event.type, userId: event.user_id as UserId }
    case 'member.role_changed':
      return { ...common, type: event.type, userId: event.user_id as UserId, role: event.role }
    case 'message.sent':
      return { ...common, type: event.type, message: readMessage(event.message) }
    case 'message.edited':
      return {
        ...common,
        type: event.type,
        messageId: event.message_id as MessageId,
        messageSeq: event.message_seq,
        text: event.text ?? undefined,
        version: event.version,
        editedAt: millis(event.edited_at),
      }
    case 'message.deleted':
      return {
        ...common,
        type: event.type,
        messageId: event.message_id as MessageId,
        messageSeq: event.message_seq,
        deletedAt: millis(event.deleted_at),
      }
    default:
      return undefined
  }
}
