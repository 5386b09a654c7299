declare const brand: unique symbol
type Branded<Kind extends string> = string & { readonly [brand]: Kind }

export type UserId = Branded<'UserId'>
export type SessionId = Branded<'SessionId'>
export type ChatId = Branded<'ChatId'>
export type MessageId = Branded<'MessageId'>
/** The sender's own name for one message, made before the first attempt; unique for a sender in a chat. */
export type ClientMessageId = Branded<'ClientMessageId'>
/** A number of one kind. A plain number may become one; one of another kind does not compile. */
type Flavored<Kind extends string> = number & { readonly [brand]?: Kind }

/** The place of an event in the log of its chat: 1, 2, 3 … */
export type Seq = Flavored<'Seq'>
/** How many there are of something. */
export type Count = Flavored<'Count'>
/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = Flavored<'Instant'>
/** Milliseconds from one instant to another. */
export type Duration = Flavored<'Duration'>

/** Names a private chat by the two people in it, whoever asks. */
export type PairKey = Branded<'PairKey'>
/** Names a group by its creator and the creator's own id for it. */
export type CreationKey = Branded<'CreationKey'>

const PAIR = 'pair:'
const MADE = 'made:'

export const pairKey = (one: UserId, other: UserId): PairKey => (PAIR + [one, other].sort().join(':')) as PairKey

export const creationKey = (creator: UserId, clientChatId: string): CreationKey => `${MADE}${creator}:${clientChatId}` as CreationKey

/** Ids are UUIDs, which hold no colon; so a key is never taken for an id. */
export const isKey = (chat: ChatId | PairKey | CreationKey): chat is PairKey | CreationKey => chat.startsWith(PAIR) || chat.startsWith(MADE)

/** The name of a send across a whole chat: who, and which of their keys. */
export const sendKey = (sender: UserId, key: ClientMessageId): string => `${sender} ${key}`

/** Takes a text for an id of whatever kind is wanted: `const key: ClientMessageId = asId('first')`. */
export const asId = <Id extends string>(text: string): Id => text as Id
