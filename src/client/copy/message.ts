import type { EventOf } from '../calls/read-event.ts'
import type { Content, Message } from '../types.ts'

/** The key of a message on screen: the sender's own, or else its id. */
export const keyOf = ({ clientMessageId, id }: Message): string => clientMessageId ?? id

/** The content of a plain text. */
const PLAIN: Content = { format: 'text', mentions: [], attachments: [], data: undefined }
/** A message with nothing but its text. */
export const BARE = { ...PLAIN, kind: undefined, forwardedFrom: undefined, reactions: [], reactionsSeq: undefined, myReactions: [] }
/** What is left when a message is deleted. */
const EMPTY = { text: undefined, ...PLAIN, forwardedFrom: undefined, reactions: [], myReactions: [] }

const contentOf = ({ format, mentions, attachments, data }: Content): Content => ({ format, mentions, attachments, data })

export const edited = (message: Message, { text, version, editedAt, ...event }: EventOf<'message.edited'>): Message => ({
  ...message,
  text: message.deletedAt === undefined ? text : undefined,
  ...(message.deletedAt === undefined ? contentOf(event) : PLAIN),
  version,
  editedAt,
})

export const deleted = (message: Message, deletedAt: number): Message => ({ ...message, ...EMPTY, deletedAt })

/** The service no longer names the erased, and keeps no text of theirs. */
export const erased = (message: Message, { userId, at }: EventOf<'author.erased'>): Message =>
  message.sender.id !== userId
    ? message
    : { ...deleted(message, message.deletedAt ?? at), sender: { id: userId, name: undefined, username: undefined } }

/** What two reports of one message say together: the higher version; deleted and without names as soon as one of them says so. */
export function later(one: Message, other: Message): Message {
  const newer = other.version > one.version ? other : one
  const deletedAt = earlier(one.deletedAt, other.deletedAt)
  const sender = other.sender.name === undefined ? other.sender : one.sender
  if (newer === one && deletedAt === one.deletedAt && sender.name === one.sender.name) return one
  return { ...newer, clientMessageId: one.clientMessageId, sender, deletedAt, ...(deletedAt !== undefined && EMPTY) }
}

const earlier = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
