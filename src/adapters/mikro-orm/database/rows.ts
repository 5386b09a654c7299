import type { MemberView, MessageView } from '../../../application/ports/views.ts'
import { searchedText } from '../../../domain/content.ts'
import type { Person } from '../../../domain/identity.ts'
import { type Content, type Data, type Message, PLAIN } from '../../../domain/message.ts'
import { RULES, type Rules } from '../../../domain/rules.ts'
import { fold } from '../../../domain/words.ts'
import { type ColumnOf, listed, type RowOf, without } from './columns.ts'
import type { Row } from './connect.ts'
import { seenBy } from './seeing.ts'
import { reactionsOf } from './tally.ts'

/** Columns of a message `m` and its sender `s`. */
export const MESSAGE = `${listed(without('messages', ['folded']), 'm')}, s.username as sender_username, s.name as sender_name`

const orUndefined = <T>(value: T | null): T | undefined => value ?? undefined

export const messageOf = (row: Row): Message => {
  const { id, chat_id, seq, n, sender_id, sender_username, sender_name, text, reply_to, version, at, edited_at, deleted_at } =
    row as unknown as MessageRow
  return {
    id,
    chatId: chat_id,
    seq,
    n,
    sender: { id: sender_id, username: orUndefined(sender_username), name: orUndefined(sender_name) },
    clientMessageId: row.client_message_id as Message['clientMessageId'],
    bodyHash: row.body_hash as string,
    text: orUndefined(text),
    content: contentOf(row),
    editHash: editHashOf(row),
    kind: orUndefined(row.kind as string | null),
    replyTo: orUndefined(reply_to),
    version,
    at,
    editedAt: orUndefined(edited_at),
    deletedAt: orUndefined(deleted_at),
    changedSeq: row.changed_seq as number,
  }
}

/** What is stored of a content: without what is as in a plain one, and of a first author without names. */
type Stored = Partial<Omit<Content, 'forwarded'>> & {
  readonly forwarded?: { readonly senderId: Person['id']; readonly at: number }
  /** Of the message, not of its content: it goes with it. */
  readonly editHash?: string
}

export function contentText(content: Content, editHash?: string): string | null {
  if (content === PLAIN && editHash === undefined) return null
  const { format, mentions, attachments, data, forwarded } = content
  const isPlain = format === PLAIN.format && mentions.length + attachments.length === 0 && !data && !forwarded && editHash === undefined
  if (isPlain) return null
  const stored: Stored = {
    ...(format !== PLAIN.format && { format }),
    ...(mentions.length > 0 && { mentions }),
    ...(attachments.length > 0 && { attachments }),
    ...(data && { data }),
    ...(editHash !== undefined && { editHash }),
    ...(forwarded && { forwarded: { senderId: forwarded.sender.id, at: forwarded.at } }),
  }
  return JSON.stringify(stored)
}

/** The content of a row; its first author has the names that `chats/extras.ts` has added. */
export function contentOf({ content, author_username, author_name }: Row): Content {
  if (content === null || content === undefined) return PLAIN
  const { forwarded, editHash: _, ...stored } = JSON.parse(content as string) as Stored
  const names = { username: orUndefined(author_username as string | null), name: orUndefined(author_name as string | null) }
  const author = forwarded && { sender: { id: forwarded.senderId, ...names }, at: forwarded.at }
  return { ...PLAIN, ...stored, forwarded: author }
}

const editHashOf = ({ content }: Row): string | undefined =>
  typeof content === 'string' && content.includes('"editHash"') ? (JSON.parse(content) as Stored).editHash : undefined

/** The data of a chat. */
export const dataOf = (text: unknown): Data | undefined => (typeof text === 'string' ? (JSON.parse(text) as Data) : undefined)

/** The rules of a chat. */
export const rulesOf = (text: unknown): Rules => (typeof text === 'string' ? { ...RULES, ...(JSON.parse(text) as Partial<Rules>) } : RULES)

/** Who first wrote a forwarded message. */
export const authorOf = ({ content }: Row): Person['id'] | undefined =>
  typeof content === 'string' && content.includes('"forwarded"') ? (JSON.parse(content) as Stored).forwarded?.senderId : undefined

/** The row of a message, for writing it. */
export const messageCells = (message: Message): RowOf<'messages'> => ({
  id: message.id,
  chat_id: message.chatId,
  sender_id: message.sender.id,
  at: message.at,
  seq: message.seq,
  n: message.n,
  version: message.version,
  changed_seq: message.changedSeq,
  client_message_id: message.clientMessageId,
  body_hash: message.bodyHash,
  text: message.text ?? null,
  folded: message.text === undefined ? null : fold(searchedText(message.text, message.content)),
  content: contentText(message.content, message.editHash),
  kind: message.kind ?? null,
  reply_to: message.replyTo ?? null,
  edited_at: message.editedAt ?? null,
  deleted_at: message.deletedAt ?? null,
})
/** The columns of a message that later events change. */
export const CHANGING = [
  'version',
  'changed_seq',
  'text',
  'folded',
  'content',
  'edited_at',
  'deleted_at',
] as const satisfies readonly ColumnOf<'messages'>[]

/** A name as a search looks at it. */
export const folded = (text: string | undefined): string | null => (text === undefined ? null : fold(text))

interface MessageRow extends Pick<Message, 'id' | 'seq' | 'n' | 'version' | 'at'> {
  readonly chat_id: Message['chatId']
  readonly sender_id: Person['id']
  readonly sender_username: string | null
  readonly sender_name: string | null
  readonly text: string | null
  readonly reply_to: Message['replyTo'] | null
  readonly edited_at: number | null
  readonly deleted_at: number | null
}

export const viewOf = (row: Row): MessageView => ({
  message: messageOf(row),
  isRead: row.is_read === 1,
  reactions: reactionsOf(row),
})

const NAMES = 'u.id as user_id, u.username, u.name as user_name, u.kind as user_kind, u.avatar_url'
/** Columns of a user `u` as strangers see them. */
export const STRANGER = `${NAMES}, null as last_seen_at`
/** Columns of a user `u` as a viewer sees them. `isKnown`: a condition under which the two know each other. */
export const personFor = (viewer: string, isKnown: string): string => `${NAMES}, ${seenBy(viewer, isKnown)}`

export const personOf = (row: Row): Person => ({
  id: row.user_id as Person['id'],
  username: orUndefined(row.username as string | null),
  name: orUndefined(row.user_name as string | null),
  kind: (row.user_kind as Person['kind'] | null) ?? 'person',
  avatarUrl: orUndefined(row.avatar_url as string | null),
  lastSeenAt: orUndefined(row.last_seen_at as number | null),
  ...(row.is_blocked === 1 && { isBlocked: true }),
})

export const memberOf = (row: Row): MemberView => ({
  person: personOf(row),
  role: row.role as MemberView['role'],
  joinedAt: row.joined_at as number,
  readSeq: row.read_seq as number,
  mutedUntil: orUndefined(row.muted_until as number | null),
})
