declare const brand: unique symbol
type Branded<Kind extends string> = string & { readonly [brand]: Kind }

export type UserId = Branded<'UserId'>
/** The user who acts where no person does: keys of back ends, and the chat itself. Every store has it. */
export const SYSTEM_ID = '00000000-0000-7000-8000-000000000001' as UserId

export type SessionId = Branded<'SessionId'>
export type ChatId = Branded<'ChatId'>
/** A key of a back end or a bot. */
export type KeyId = Branded<'KeyId'>
export type MessageId = Branded<'MessageId'>
export type FileId = Branded<'FileId'>
/** The idempotency key of a message, chosen by the client before its first attempt; unique per sender and chat. */
export type ClientMessageId = Branded<'ClientMessageId'>
/** A number of one kind. A plain number may become one; one of another kind does not compile. */
type Flavored<Kind extends string> = number & { readonly [brand]?: Kind }

/** The number of an event in the log of its chat: 1, 2, 3 … */
export type Seq = Flavored<'Seq'>
/** A number of items. */
export type Count = Flavored<'Count'>
/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = Flavored<'Instant'>
/** Milliseconds from one instant to another. */
export type Duration = Flavored<'Duration'>

/** Identifies a private chat by its two members, in either order. */
export type PairKey = Branded<'PairKey'>
/** Identifies a group by its creator and the creator's `client_chat_id`. */
export type CreationKey = Branded<'CreationKey'>

const PAIR = 'pair:'
const MADE = 'made:'

export const pairKey = (one: UserId, other: UserId): PairKey => (PAIR + [one, other].sort().join(':')) as PairKey

/** The two users of a pair's key, the lower id first; undefined for another key. */
export const pairOf = (key: string | undefined): readonly [UserId, UserId] | undefined =>
  key?.startsWith(PAIR) ? (key.slice(PAIR.length).split(':') as [UserId, UserId]) : undefined

export const creationKey = (creator: UserId, clientChatId: string): CreationKey => `${MADE}${creator}:${clientChatId}` as CreationKey

/** Whether a chat is named by a key. Ids are UUIDs, which contain no colon. */
export const isKey = (chat: ChatId | PairKey | CreationKey): chat is PairKey | CreationKey => chat.startsWith(PAIR) || chat.startsWith(MADE)

/** Returns the key of a send within a chat: sender and idempotency key. */
export const sendKey = (sender: UserId, key: ClientMessageId): string => `${sender} ${key}`

/** Returns the name of a user's erasure from a chat above a `seq`. */
export const erasureKey = (userId: UserId, after: Seq): string => `${userId} ${after}`

/** Converts a text to the id type that the context asks for: `const key: ClientMessageId = asId('first')`. */
export const asId = <Id extends string>(text: string): Id => text as Id
