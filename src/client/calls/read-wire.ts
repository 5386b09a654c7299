import type { Chat as WireChat } from '../../adapters/wire/schemas/chats.ts'
import type { File as WireFile } from '../../adapters/wire/schemas/files.ts'
import type { Session as WireSession, SessionEntry as WireSessionEntry } from '../../adapters/wire/schemas/identity.ts'
import type { Message as WireMessage } from '../../adapters/wire/schemas/messages.ts'
import type { Me as WireMe, User as WireUser } from '../../adapters/wire/schemas/people.ts'
import type { Content, File, Me, Message, Person, Profile, Rules, Sender, Session, SessionEntry } from '../types.ts'

// With `read-event.ts` the only place where a value of the wire becomes a value of the client: the reverse of `wire/present.ts`.

export const millis = (time: string): number => Date.parse(time)
export const perhaps = (time: string | null): number | undefined => (time === null ? undefined : millis(time))

export const readPerson = ({ id, username, name, kind, avatar_url, avatar, last_seen_at }: WireUser): Person => ({
  id,
  username: username ?? undefined,
  name: name ?? undefined,
  kind,
  avatarUrl: avatar_url ?? undefined,
  avatar: avatar ?? undefined,
  lastSeenAt: perhaps(last_seen_at),
})

/** What a frame tells of a user: all but when the user was last seen. */
export function profileOf(person: Person): Profile {
  const { lastSeenAt: _, ...profile } = person
  return profile
}

export const readMe = (me: WireMe): Me => ({
  ...readPerson(me),
  email: me.email ?? undefined,
  isEmailVerified: me.email_verified,
  isAdmin: me.is_admin,
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

/** The members of a message that an edit can change, beside its text. A service of an earlier version does not send them. */
export const readContent = ({
  format,
  mentions = [],
  attachments = [],
  data,
}: Partial<Pick<WireMessage, 'format' | 'mentions' | 'attachments' | 'data'>>): Content => ({
  format: format ?? 'text',
  mentions: mentions.map((mention) => {
    const { start, length } = mention
    return mention.kind === 'all' ? { kind: 'all', start, length } : { kind: 'user', userId: mention.user_id, start, length }
  }),
  attachments: attachments.map(({ file, alt, duration_ms, waveform }) => ({
    file: readFile(file),
    alt: alt ?? undefined,
    durationMs: duration_ms ?? undefined,
    waveform: waveform ?? undefined,
  })),
  data: data ?? undefined,
})

export const readFile = ({ width, height, thumbhash, created_at, ...file }: WireFile): File => ({
  ...file,
  width: width ?? undefined,
  height: height ?? undefined,
  thumbhash: thumbhash ?? undefined,
  createdAt: millis(created_at),
})

export const readRules = ({ slow_s: slowS, keep_s: keepS, ...roles }: NonNullable<WireChat['rules']>): Rules => ({
  ...roles,
  slowS,
  keepS,
})

const readSender = ({ id, username, name }: WireMessage['sender']): Sender => ({
  id,
  username: username ?? undefined,
  name: name ?? undefined,
})

/** A service of an earlier version does not send them. */
export const readReactions = ({ seq, reactions = [], reactions_seq }: ReactionsOf): Pick<Message, 'reactions' | 'reactionsSeq'> => ({
  reactions: reactions.map(({ emoji, count, user_ids }) => ({ emoji, count, userIds: user_ids })),
  reactionsSeq: reactions_seq ?? seq,
})
type ReactionsOf = { readonly seq: number } & Partial<Pick<WireMessage, 'reactions' | 'reactions_seq'>>

export const readMessage = (message: WireMessage): Message => ({
  id: message.id,
  chatId: message.chat_id,
  seq: message.seq,
  sender: readSender(message.sender),
  clientMessageId: message.client_message_id ?? undefined,
  text: message.text ?? undefined,
  ...readContent(message),
  kind: message.kind ?? undefined,
  forwardedFrom: message.forwarded_from
    ? { sender: readSender(message.forwarded_from.sender), at: millis(message.forwarded_from.created_at) }
    : undefined,
  ...readReactions(message),
  // An event does not say which are the user's own: those after it do.
  myReactions: message.my_reactions ?? [],
  myReactionsSeq: message.my_reactions ? (message.reactions_seq ?? message.seq) : message.seq,
  replyTo: message.reply_to ?? undefined,
  version: message.version,
  at: millis(message.created_at),
  editedAt: perhaps(message.edited_at),
  deletedAt: perhaps(message.deleted_at),
})
