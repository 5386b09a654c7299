import type { EventOf } from '../calls/read-event.ts'
import type { Content, Message, Sender } from '../types.ts'

/** The key of a message on screen: the sender's own, or else its id. */
export const keyOf = ({ clientMessageId, id }: Message): string => clientMessageId ?? id

/** The content of a plain text. */
const PLAIN: Content = { format: 'text', mentions: [], attachments: [], data: undefined }
/** A message with nothing but its text. */
export const BARE = {
  ...PLAIN,
  kind: undefined,
  forwardedFrom: undefined,
  reactions: [],
  reactionsSeq: undefined,
  myReactions: [],
  myReactionsSeq: undefined,
}
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

/** The service no longer names the erased, and keeps no text or reaction of theirs. */
export const erased = (message: Message, { userId, at }: EventOf<'author.erased'>): Message =>
  message.sender.id !== userId
    ? withoutReactor(message, userId)
    : { ...deleted(message, message.deletedAt ?? at), sender: { id: userId, name: undefined, username: undefined } }

function withoutReactor(message: Message, userId: string): Message {
  if (!message.reactions.some(({ userIds }) => userIds.includes(userId))) return message
  const left = message.reactions.map((reaction) =>
    reaction.userIds.includes(userId)
      ? { ...reaction, count: reaction.count - 1, userIds: reaction.userIds.filter((id) => id !== userId) }
      : reaction,
  )
  return { ...message, reactions: left.filter(({ count }) => count > 0) }
}

/** The same message, or with its sender as the user is named now. Who is deleted stays without a name. */
export function named(message: Message, { id, name, username }: Sender): Message {
  const isOther = (sender: Sender) =>
    sender.id === id && sender.name !== undefined && (sender.name !== name || sender.username !== username)
  const { sender, forwardedFrom } = message
  const now = { id, name, username }
  const isForwarded = forwardedFrom !== undefined && isOther(forwardedFrom.sender)
  if (!isOther(sender) && !isForwarded) return message
  return {
    ...message,
    sender: isOther(sender) ? now : sender,
    forwardedFrom: isForwarded ? { ...forwardedFrom, sender: now } : forwardedFrom,
  }
}

/** Whether somebody may have reacted who is not named. */
export const hasUnnamed = ({ reactions }: Message): boolean => reactions.some(({ count, userIds }) => count > userIds.length)

/** Sums are as of the moment of the answer; the user's own change event by event. */
export function reacted(message: Message, { seq, reactions, reactionsSeq, mine }: EventOf<'message.reacted'>): Message {
  if (message.deletedAt !== undefined) return message
  const isNewer = reactionsSeq >= message.reactionsSeq
  const isOwn = seq > message.myReactionsSeq
  if (!isNewer && !isOwn) return message
  return {
    ...message,
    ...(isNewer && { reactions, reactionsSeq }),
    ...(isOwn && { myReactions: mine.reduce(toggled, message.myReactions), myReactionsSeq: seq }),
  }
}

export const toggled = (own: readonly string[], { emoji, on }: { readonly emoji: string; readonly on: boolean }): readonly string[] => [
  ...own.filter((other) => other !== emoji),
  ...(on ? [emoji] : []),
]

const countOf = ({ reactions }: Message): number => reactions.reduce((sum, { count }) => sum + count, 0)

/** Of two reports of the same number, the later one has less: only an erasure changes reactions without an event. */
const hasLaterSums = (one: Message, other: Message): boolean =>
  other.reactionsSeq > one.reactionsSeq || (other.reactionsSeq === one.reactionsSeq && countOf(other) < countOf(one))

/** What two reports of one message say together: the higher version; deleted and without names as soon as one of them says so. */
export function later(one: Message, other: Message): Message {
  const newer = other.version > one.version ? other : one
  const deletedAt = earlier(one.deletedAt, other.deletedAt)
  const sender = other.sender.name === undefined ? other.sender : one.sender
  const sums = hasLaterSums(one, other) ? other : one
  const own = other.myReactionsSeq > one.myReactionsSeq ? other : one
  const isSame = newer === one && sums === one && own === one
  if (isSame && deletedAt === one.deletedAt && sender.name === one.sender.name) return one
  const { reactions, reactionsSeq } = sums
  const { myReactions, myReactionsSeq } = own
  const told = { reactions, reactionsSeq, myReactions, myReactionsSeq }
  return { ...newer, clientMessageId: one.clientMessageId, sender, deletedAt, ...told, ...(deletedAt !== undefined && EMPTY) }
}

const earlier = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)

/** Whether an unread message counts as one that mentions the user. */
export const concerns = ({ sender, deletedAt, mentions }: Pick<Message, 'sender' | 'deletedAt' | 'mentions'>, me: string): boolean =>
  sender.id !== me && deletedAt === undefined && mentions.some((mention) => mention.kind === 'all' || mention.userId === me)
