import type { EventOf } from '../calls/read-event.ts'
import type { Message } from '../types.ts'

/** The key of a message on screen: the sender's own, or else its id. */
export const keyOf = ({ clientMessageId, id }: Message): string => clientMessageId ?? id

export const edited = (message: Message, { text, version, editedAt }: EventOf<'message.edited'>): Message => ({
  ...message,
  text: message.deletedAt === undefined ? text : undefined,
  version,
  editedAt,
})

export const deleted = (message: Message, deletedAt: number): Message => ({ ...message, text: undefined, deletedAt })

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
  return { ...newer, clientMessageId: one.clientMessageId, sender, deletedAt, text: deletedAt === undefined ? newer.text : undefined }
}

const earlier = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
