import type { Session as WireSession, SessionEntry as WireSessionEntry } from '../../adapters/wire/schemas/identity.ts'
import type { Message as WireMessage } from '../../adapters/wire/schemas/messages.ts'
import type { Me as WireMe, User as WireUser } from '../../adapters/wire/schemas/people.ts'
import type { Me, Message, Person, Session, SessionEntry } from '../types.ts'

// With `read-event.ts` the only place where a value of the wire becomes a value of the client: the reverse of `wire/present.ts`.

export const millis = (time: string): number => Date.parse(time)
const perhaps = (time: string | null): number | undefined => (time === null ? undefined : millis(time))

export const readPerson = ({ id, username, name, kind, avatar_url, last_seen_at }: WireUser): Person => ({
  id,
  username: username ?? undefined,
  name: name ?? undefined,
  kind,
  avatarUrl: avatar_url ?? undefined,
  lastSeenAt: perhaps(last_seen_at),
})

export const readMe = (me: WireMe): Me => ({
  ...readPerson(me),
  email: me.email ?? undefined,
  externalId: me.external_id ?? undefined,
  createdAt: millis(me.created_at),
})

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

export const readMessage = (message: WireMessage): Message => ({
  id: message.id,
  chatId: message.chat_id,
  seq: message.seq,
  sender: { id: message.sender.id, username: message.sender.username ?? undefined, name: message.sender.name ?? undefined },
  clientMessageId: message.client_message_id ?? undefined,
  text: message.text ?? undefined,
  replyTo: message.reply_to ?? undefined,
  version: message.version,
  at: millis(message.created_at),
  editedAt: perhaps(message.edited_at),
  deletedAt: perhaps(message.deleted_at),
})
