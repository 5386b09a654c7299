import type { Inlet } from '../../application/ports/inlets.ts'
import type { Chat } from '../../domain/chat.ts'
import type { Privacy } from '../../domain/consent.ts'
import type { ChatState } from '../../domain/decision.ts'
import type { ChatEvent } from '../../domain/event.ts'
import type { StoredFile, Upload } from '../../domain/filing.ts'
import { UNANSWERED } from '../../domain/guard.ts'
import { type Author, authorOf, type Person, type Session, type User, unnamed } from '../../domain/identity.ts'
import {
  type ChatId,
  type Count,
  type FileId,
  type Instant,
  type KeyId,
  type MessageId,
  type Seq,
  type SessionId,
  SYSTEM_ID,
  type UserId,
} from '../../domain/ids.ts'
import type { Key } from '../../domain/keys.ts'
import type { Member } from '../../domain/member.ts'
import type { Message } from '../../domain/message.ts'
import type { Receipt } from '../../domain/receipt.ts'
import type { Report } from '../../domain/report.ts'
import { type AccountRecords, accountRecords } from './accounts/store.ts'
import { type ConsumerRecords, consumerRecords, type Deletion, type NoticeRecords, noticeRecords } from './kept.ts'
import { partition } from './page.ts'

/** Everything that one application knows, for as long as its process lives. */
export interface MemoryStore {
  /** Another one for every store that is made, since nothing of an earlier one is left. */
  readonly epoch: string
  readonly chats: Map<ChatId, ChatRecord>
  readonly chatByKey: Map<string, ChatId>
  readonly chatsOf: Map<UserId, Set<ChatId>>
  readonly people: Map<UserId, PersonRecord>
  /** By username and by e-mail, which holds an @ and so is never taken for a username. */
  readonly logins: Map<string, UserId>
  /** By external id. */
  readonly externals: Map<string, UserId>
  readonly sessions: Map<SessionId, Session>
  readonly relay: ConsumerRecords
  readonly deletions: Map<ChatId, Deletion>
  readonly notices: NoticeRecords
  readonly inlets: Map<string, Inlet>
  readonly external: Map<SessionId, ExternalSession>
  readonly keys: Map<KeyId, Key>
  readonly files: Map<FileId, StoredFile>
  readonly uploads: Map<FileId, Upload>
  /** By digest. */
  readonly blobs: Map<string, BlobRecord>
  /** The messages that have each file. */
  readonly links: Map<FileId, Map<MessageId, Message>>
  /** Since when no message has had a file. */
  readonly looseSince: Map<FileId, Instant>
  readonly accounts: AccountRecords
  /** Whom each user has blocked, and since when. */
  readonly blocks: Map<UserId, Map<UserId, Instant>>
  readonly privacy: Map<UserId, Privacy>
  readonly reports: Map<string, Report>
}

export interface BlobRecord {
  readonly unusedSince?: Instant
  readonly removingSince?: Instant
}

export interface ChatRecord {
  /** The whole chat, as `evolve` has made it. */
  readonly state: ChatState & { chat: Chat }
  /** The event with `seq` n is at n - 1. Texts and names in it are those of when it happened. */
  readonly events: ChatEvent[]
  /** The message with `n` is at n - 1, as it is now. */
  readonly sent: Message[]
  /** The `seq`s of deleted messages, and those of each sender's undeleted ones, ascending. */
  readonly deleted: Seq[]
  readonly sentBy: Map<UserId, Seq[]>
  /** Whom each message that is not deleted concerns, by its `seq`. */
  readonly mentions: Map<Seq, Concern>
  /** Of each present member; the first mark is that of joining. */
  readonly marks: Map<UserId, Mark[]>
  /** When a private chat appeared to members who had not opened it; undefined until then. */
  readonly shown: Map<UserId, Instant | undefined>
  /** Own states of members who have changed theirs. */
  readonly own: Map<UserId, OwnRecord>
  /** The message up to which no text is too old any more. */
  passedSeq: Seq
}

/** A number of messages: what is archived or hidden comes back when the chat has more. */
export interface OwnRecord {
  readonly pinnedAt: Instant | undefined
  readonly archivedN: Count | undefined
  readonly hiddenN: Count | undefined
  readonly isMarkedUnread: boolean
  readonly at: Instant
}

/** Users who were members at the last change of the mentions, the sender excluded; or all who had joined before the message. */
export interface Concern {
  readonly senderId: UserId
  readonly users: ReadonlySet<UserId>
  readonly isAll: boolean
}

type Mark = Pick<Receipt, 'readSeq' | 'at'>

/** A session that an issuer or the host keeps. */
interface ExternalSession {
  readonly userId: UserId
  readonly lastUsedAt: Instant
  readonly endedAt: Instant | undefined
}

export interface PersonRecord {
  user: User
  passwordHash: string | undefined
  deletion: 'begun' | 'ended' | undefined
  deletedAt?: Instant | undefined
  /** Tokens that were issued until then are refused. */
  tokensAfter?: Instant | undefined
}

const system: User = {
  ...unnamed(SYSTEM_ID),
  username: 'system',
  name: 'System',
  kind: 'system',
  email: undefined,
  externalId: undefined,
  emailPending: undefined,
  disabledAt: undefined,
  isAdmin: false,
  createdAt: 0,
}

export const memoryStore = (epoch: string): MemoryStore => ({
  epoch,
  chats: new Map(),
  chatByKey: new Map(),
  chatsOf: new Map(),
  people: new Map([[SYSTEM_ID, { user: system, passwordHash: undefined, deletion: undefined }]]),
  logins: new Map(),
  externals: new Map(),
  sessions: new Map(),
  relay: consumerRecords(),
  deletions: new Map(),
  notices: noticeRecords(),
  inlets: new Map(),
  external: new Map(),
  keys: new Map(),
  files: new Map(),
  uploads: new Map(),
  blobs: new Map(),
  links: new Map(),
  looseSince: new Map(),
  accounts: accountRecords(),
  blocks: new Map(),
  privacy: new Map(),
  reports: new Map(),
})

/** Somebody as a log or a message names them: without when they were last seen. */
export function named(store: MemoryStore, id: UserId): Person {
  const { username, name, kind, avatarUrl } = store.people.get(id)?.user ?? unnamed(id)
  return { id, username, name, kind, avatarUrl, lastSeenAt: undefined }
}

/** A user as the sender of a message. */
export const authorIn = (store: MemoryStore, id: UserId): Author => authorOf(named(store, id))

/** Somebody as a viewer sees them: when they were last there only if both know each other, and neither a block nor they are against it. */
export function seenBy(store: MemoryStore, viewer: UserId, id: UserId): Person {
  const isShown = areKnown(store, viewer, id) && !areApart(store, viewer, id) && store.privacy.get(id)?.lastSeen !== 'nobody'
  const lastSeenAt = isShown ? store.people.get(id)?.user.lastSeenAt : undefined
  return { ...named(store, id), lastSeenAt, ...(hasBlocked(store, viewer, id) && { isBlocked: true }) }
}

export const hasBlocked = ({ blocks }: MemoryStore, userId: UserId, otherId: UserId): boolean => blocks.get(userId)?.has(otherId) ?? false
export const areApart = (store: MemoryStore, one: UserId, other: UserId): boolean =>
  hasBlocked(store, one, other) || hasBlocked(store, other, one)

/** A message with the names that its people have now. */
export const withNames = (store: MemoryStore, message: Message): Message => {
  const { forwarded } = message.content
  const content = forwarded
    ? { ...message.content, forwarded: { ...forwarded, sender: authorIn(store, forwarded.sender.id) } }
    : message.content
  return { ...message, content, sender: authorIn(store, message.sender.id) }
}

export const chatsOf = (store: MemoryStore, id: UserId): readonly ChatRecord[] =>
  [...(store.chatsOf.get(id) ?? [])].map((chatId) => store.chats.get(chatId)!)

/** A chat that somebody is in. */
export function chatOf(store: MemoryStore, viewer: UserId, chatId: ChatId): ChatRecord | undefined {
  const record = store.chats.get(chatId)
  return record?.state.members.get(viewer) ? record : undefined
}

/** Whether two people share a group, or have both written in their private chat. */
export const areKnown = (store: MemoryStore, one: UserId, other: UserId): boolean =>
  chatsOf(store, one).some(({ state: { chat, members } }) => members.get(other) && (chat.guard & UNANSWERED) === 0)

/** In the order in which they came. */
export const membersOf = (record: ChatRecord): readonly Member[] =>
  [...record.state.members.values()]
    .filter((member) => member !== null)
    .sort((a, b) => a.joinedSeq - b.joinedSeq || (a.person.id < b.person.id ? -1 : 1))

export const readSeq = (record: ChatRecord, userId: UserId): Seq => record.marks.get(userId)!.at(-1)!.readSeq

type Lowest = { readonly userId: UserId; readonly readSeq: Seq }

/** The two members who have read least, least first. */
export function lowestMarks({ marks }: ChatRecord): readonly Lowest[] {
  let first: Lowest | undefined
  let second: Lowest | undefined
  for (const [userId, { length, [length - 1]: last }] of marks) {
    const mark = { userId, readSeq: last!.readSeq }
    if (!first || mark.readSeq < first.readSeq) [first, second] = [mark, first]
    else if (!second || mark.readSeq < second.readSeq) second = mark
  }
  return [first, second].filter((mark) => mark !== undefined)
}

/** Messages above one's mark that are neither deleted nor one's own nor of somebody whom one has blocked. */
export function unread(store: MemoryStore, record: ChatRecord, userId: UserId): number {
  const mark = readSeq(record, userId)
  const above = (seqs: readonly Seq[]) => seqs.length - partition(seqs, (seq) => seq <= mark)
  const all = record.sent.length - partition(record.sent, (message) => message.seq <= mark)
  const others = [userId, ...(store.blocks.get(userId)?.keys() ?? [])]
  return others.reduce((left, id) => left - above(record.sentBy.get(id) ?? []), all - above(record.deleted))
}

/** Messages above one's mark that mention the user or all members. */
export function unreadMentions(store: MemoryStore, record: ChatRecord, userId: UserId): number {
  const mark = readSeq(record, userId)
  let count = 0
  for (const [seq, { senderId, users, isAll }] of record.mentions)
    if (seq > mark && senderId !== userId && !hasBlocked(store, userId, senderId) && (isAll || users.has(userId))) count++
  return count
}

/** When a member had read this far; for what was there before they came, when they came. */
export const readAt = (record: ChatRecord, userId: UserId, seq: Seq): Instant | undefined =>
  record.marks.get(userId)?.find((mark) => mark.readSeq >= seq)?.at
