import type { Role } from '../domain/member.ts'
import type { Rules } from '../domain/rules.ts'
import type { AuthSource, CallOptions, Me, Person, Presence, Profile, Store } from './basic-types.ts'
import type { Call } from './calls/call.ts'
import type { Fetch, Signal } from './platform/globals.ts'
import type { Platform, SocketConstructor } from './platform/platform.ts'
import type { Problem } from './problems.ts'
import type { SnapshotOptions, Snapshots } from './snapshots.ts'
import type { Content, File, Message, Sender } from './types/content.ts'
import type { Members, Reader } from './types/members.ts'
import type { Pins, Reactor } from './types/reactions.ts'
import type { MessageAddress, MessageEdit, SendHandle, SendOptions, SentContent } from './types/sending.ts'

export type * from './basic-types.ts'
export type { Role, Rules }
export type ChatKind = 'private' | 'group'

// The connection

export type StopReason =
  /** `close()` was called: this client is at its end. */
  | 'closed'
  /** The session has ended, or no token is available. */
  | 'signed-out'
  /** A newer socket of the same device took over. */
  | 'replaced'
  /** The server rejected the frames of this client; see the close codes. */
  | 'protocol'
  /** There is no `WebSocket` here, or it may not open this address, such as an insecure one from a secure page. */
  | 'unsupported'

export type ConnectionState =
  | { readonly status: 'idle' }
  | { readonly status: 'connecting'; readonly attempt: number }
  | { readonly status: 'online' }
  /** The device reports no network. */
  | { readonly status: 'offline' }
  /** Connects again at `retryAt`, or at once with `reconnectNow()`. */
  | { readonly status: 'waiting'; readonly retryAt: number; readonly attempt: number }
  | { readonly status: 'stopped'; readonly reason: StopReason; readonly code: number | undefined }

// Messages and rows

export type { Attachment, Content, File, Format, Mention, Message, Reaction, Sender } from './types/content.ts'
export type { Member, Members, Reader } from './types/members.ts'
export type { Pin, Pins, Reactor } from './types/reactions.ts'
export type { Attached, MessageAddress, MessageEdit, SendHandle, SendOptions, SendState, SentContent } from './types/sending.ts'

/** queued → sending → sent → read; `failed` waits for `retry` or `cancel`. Messages of others are `sent`. */
export type RowState = 'queued' | 'sending' | 'failed' | 'sent' | 'read'

/** A message in a timeline. */
export interface Row extends Content, Pick<Message, 'kind' | 'forwardedFrom' | 'reactions' | 'myReactions'> {
  /** Never changes: the `client_message_id` of your own messages, the id of others. */
  readonly key: string
  readonly state: RowState
  readonly isMine: boolean
  /** Undefined until acknowledged. */
  readonly id: string | undefined
  readonly seq: number | undefined
  readonly reactionsSeq: number | undefined
  readonly sender: Sender
  /** Undefined if deleted. */
  readonly text: string | undefined
  /** The id of the message that it replies to. */
  readonly replyTo: string | undefined
  readonly version: number
  readonly at: number
  readonly editedAt: number | undefined
  readonly deletedAt: number | undefined
  /** Why sending failed. */
  readonly problem: Problem | undefined
}

export interface Timeline {
  /** Ascending, without holes; your unacknowledged messages are last. */
  readonly rows: readonly Row[]
  /** `idle` until the chat is opened for the first time. */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed'
  readonly problem: Problem | undefined
  readonly hasOlder: boolean
  /** False at the live end, where new messages appear. */
  readonly hasNewer: boolean
  readonly isLoadingOlder: boolean
  readonly isLoadingNewer: boolean
  /** The key of the first message that was unread when the chat was opened; unchanged until it is opened again. */
  readonly divider: string | undefined
}

// Chats

export interface ChatItem {
  readonly id: string
  readonly kind: ChatKind
  /** Undefined in a private chat: show the partner's name. */
  readonly name: string | undefined
  readonly createdAt: number
  /** The other member of a private chat. */
  readonly partner: Person | undefined
  readonly memberCount: number
  readonly role: Role
  /** The user's read position, and the lowest of the others. */
  readonly readSeq: number
  readonly readByOthersSeq: number | undefined
  readonly unread: number
  /** Of these, messages that mention you or all members. */
  readonly unreadMentions: number
  /** A JSON object of the application. */
  readonly data: Readonly<Record<string, unknown>> | undefined
  /** Of a group. */
  readonly description: string | undefined
  /** The id of the file that is the picture of a group. */
  readonly avatar: string | undefined
  /** Who may what in a group; undefined in a private chat. */
  readonly rules: Rules | undefined
  /** Until then the service refuses what the user sends to the group. */
  readonly mutedUntil: number | undefined
  /** When the user pinned the chat; undefined if not pinned. */
  readonly pinnedAt: number | undefined
  /** Not in `chats` until the next message, but in `chats.archived`. */
  readonly isArchived: boolean
  /** A private chat that the user has left: in no list until its next message. */
  readonly isHidden: boolean
  /** The user has marked the chat as unread; reading ends that. */
  readonly isMarkedUnread: boolean
  readonly lastMessage: Message | undefined
  /** The last message as a row, with its state; also while it is being sent. */
  readonly lastRow: Row | undefined
  /** The ids of members who are typing, without the user. Only of open chats. */
  readonly typing: readonly string[]
}

export interface ChatList {
  /** Pinned chats first, then by latest activity. */
  readonly items: readonly ChatItem[]
  readonly status: 'idle' | 'loading' | 'ready' | 'failed'
  readonly problem: Problem | undefined
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  /** Unread messages in the loaded chats, and how many of these mention the user. */
  readonly unread: number
  readonly unreadMentions: number
}

export interface Page<T> {
  readonly items: readonly T[]
  /** The cursor of the next page, if there is one. */
  readonly next: string | undefined
}

export interface ListOptions extends CallOptions {
  readonly cursor?: string | undefined
  /** Items per page, 1 to 100. Default: 50. */
  readonly limit?: number | undefined
}

export interface Chats extends Store<ChatList> {
  loadMore(options?: CallOptions): Promise<void>
  /** The archived chats; `idle` until `loadMore` is called. */
  readonly archived: Store<ChatList> & { loadMore(options?: CallOptions): Promise<void> }
  /** Returns your chats whose name, or whose partner's name, contains the query. */
  find(query: string, options?: ListOptions & { readonly kind?: ChatKind | undefined }): Promise<Page<ChatItem>>
  /** Loads one of your chats, whether it is in `items` or not. */
  load(chatId: string, options?: CallOptions): Promise<ChatItem>
  /** Returns the private chat with a user; creates it if there is none. */
  openPrivate(userId: string, options?: CallOptions): Promise<ChatItem>
  createGroup(
    group: { readonly name: string; readonly memberIds?: readonly string[] | undefined },
    options?: CallOptions,
  ): Promise<ChatItem>
}

export interface OpenOptions {
  /** Where the timeline starts: at the live end (default), at the first unread message, or around a `seq`. */
  readonly at?: 'latest' | 'unread' | number | undefined
}

/** One chat. `chat(id)` returns the same object for the same id. */
export interface Chat {
  readonly id: string
  /** Undefined until loaded, and if the user is no longer a member. */
  readonly item: Store<ChatItem | undefined>
  readonly timeline: Store<Timeline>
  readonly members: Store<Members>
  /** The ids of members who are typing, without the user. */
  readonly typing: Store<readonly string[]>

  /** Loads the timeline and subscribes to typing and presence. Returns a function that unsubscribes. */
  open(options?: OpenOptions): () => void
  loadOlder(options?: CallOptions): Promise<void>
  loadNewer(options?: CallOptions): Promise<void>
  /** Moves the timeline to a `seq`; resolves when it is loaded. */
  jumpTo(seq: number, options?: CallOptions): Promise<void>
  /** Moves the timeline to a message by id, such as one that was replied to. */
  jumpToMessage(messageId: string, options?: CallOptions): Promise<void>
  jumpToUnread(options?: CallOptions): Promise<void>
  jumpToLatest(options?: CallOptions): Promise<void>
  /** Returns a message by id, whether it is in the timeline or not. */
  message(messageId: string, options?: CallOptions): Promise<Message>

  /**
   * Adds a row and returns its handle at once. A message that cannot be queued (`outbox-full`, `text-too-long`) gets no row: its handle
   * has failed already, and you keep the text. A `key` of yours names one message of the chat: the same key again returns that message.
   */
  send(text: string, options?: SendOptions): SendHandle
  /** Sends a copy of a message that the user can read, from this chat or another one. Its own text is the copy's. */
  forward(source: MessageAddress, options?: Pick<SendOptions, 'replyTo' | 'key'>): SendHandle
  /** Returns the handle of a row that is not sent yet. */
  pending(key: string): SendHandle | undefined
  /** Rejects with `version-conflict` if a version is given and the message has another one. */
  edit(messageId: string, change: string | MessageEdit, options?: CallOptions & { readonly version?: number | undefined }): Promise<void>
  remove(messageId: string, options?: CallOptions): Promise<void>
  /** Marks as read up to a `seq`, or to the newest known. Calls are merged, and sent when there is a connection. */
  markRead(seq?: number): void
  /** Call it with every change of the draft; repeating and ending is done here. */
  setTyping(isActive: boolean): void
  /**
   * Shows your reaction at once. Resolves when the service has acknowledged what you chose last; rejects if it refuses.
   */
  addReaction(messageId: string, emoji: string): Promise<void>
  /** `everyone`: of all users; for the owner and admins. */
  removeReaction(messageId: string, emoji: string, options?: CallOptions & { readonly everyone?: boolean | undefined }): Promise<void>
  reactionsOf(messageId: string, options?: ListOptions & { readonly emoji?: string | undefined }): Promise<Page<Reactor>>
  /** The pinned messages; `idle` until `loadPins`, then kept up to date. */
  readonly pins: Store<Pins>
  loadPins(options?: CallOptions): Promise<void>
  pinMessage(messageId: string, options?: CallOptions): Promise<void>
  unpinMessage(messageId: string, options?: CallOptions): Promise<void>
  readersOf(messageId: string, options?: ListOptions): Promise<Page<Reader>>
  /** Returns messages of this chat that contain the query, newest first. */
  search(query: string, options?: ListOptions & { readonly senderId?: string | undefined }): Promise<Page<Message>>

  /** Loads the next page into `members`. */
  loadMembers(options?: CallOptions): Promise<void>
  addMembers(userIds: readonly string[], options?: CallOptions): Promise<void>
  removeMember(userId: string, options?: CallOptions): Promise<void>
  changeRole(userId: string, role: Role, options?: CallOptions): Promise<void>
  rename(name: string, options?: CallOptions): Promise<void>
  leave(options?: CallOptions): Promise<void>
  /** Deletes a group with all its messages. */
  delete(options?: CallOptions): Promise<void>
}

export interface People {
  find(query: string, options?: ListOptions): Promise<Page<Person>>
  get(userId: string, options?: CallOptions): Promise<Person>
  /** Presence of users in open chats, by id. */
  readonly presence: Store<ReadonlyMap<string, Presence>>
  /** The ids of the users whom the user has blocked, on any device; empty until the first connection. */
  readonly blocked: Store<readonly string[]>
}

export interface SessionEntry {
  readonly id: string
  readonly deviceName: string | undefined
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly isCurrent: boolean
}

export interface Account {
  /** Undefined until loaded. */
  readonly me: Store<Me | undefined>
  /** `avatar`: the id of an uploaded picture; null: none. */
  update(
    change: { readonly name?: string | undefined; readonly username?: string | undefined; readonly avatar?: string | null | undefined },
    options?: CallOptions,
  ): Promise<Me>
  changePassword(currentPassword: string, newPassword: string, options?: CallOptions): Promise<void>
  sessions(options?: ListOptions): Promise<Page<SessionEntry>>
  endSession(sessionId: string, options?: CallOptions): Promise<void>
  /** Deletes the account and all its texts, permanently. */
  delete(password: string, options?: CallOptions): Promise<void>
}

// Events

export type NoticeLevel = 'all' | 'mentions' | 'none'

/** A part of each day, which may go past midnight: `HH:MM`, in a named time zone. */
export interface Quiet {
  readonly from: string
  readonly to: string
  readonly zone: string
}

export interface NoticesTold {
  /** Undefined: those for all chats. */
  readonly chatId: string | undefined
  readonly level: NoticeLevel | undefined
  readonly mutedUntil: number | undefined
  readonly quiet: Quiet | undefined
}

export interface ClientEvents {
  /** A message was committed, by you or another member: once per message, not for loaded history. */
  'message': { readonly chatId: string; readonly message: Message; readonly isMine: boolean }
  /** Your message is committed. */
  'sent': { readonly chatId: string; readonly key: string; readonly message: Message }
  /** Your message was permanently refused, did not fit the outbox, or became too old. */
  'refused': { readonly chatId: string; readonly key: string; readonly problem: Problem }
  /** The copy of a chat, or of all, was outdated and is loaded again: rows may have moved. */
  'refetched': { readonly chatId: string | undefined; readonly reason: 'limited' | 'epoch' | 'ahead' }
  /** You became a member of a chat. */
  'joined': { readonly chatId: string }
  /** You are no longer a member of a chat; `hidden`: a private chat is off your list until its next message. */
  'gone': { readonly chatId: string; readonly reason: 'left' | 'hidden' | 'removed' | 'deleted' | 'not-found' }
  /** Of what you are notified was changed on one of your devices: in a chat, or in all that have no settings of their own. */
  'notices': NoticesTold
  /** A user whom you share a chat with, or you on another device, has another name or picture; chats and messages show it already. */
  'profile': { readonly person: Profile }
  /** You were signed in on a network from which you were not before. */
  'signed-in': {
    readonly sessionId: string
    readonly deviceName: string | undefined
    /** The /24 of an IPv4 address, the /64 of an IPv6 address. */
    readonly network: string
    readonly at: number
  }
  'connection': ConnectionState
  /** What should not happen: a store that failed, a token that could not be had, an answer that cannot be read. */
  'error': { readonly error: unknown; readonly during: string }
}

// The client

/** What entries beside the core share with it. */
export interface Inside {
  readonly url: string
  readonly platform: Platform
  /** Timers that stand still while the client is stopped. */
  readonly timers: Pick<Platform, 'later'>
  emit<E extends keyof ClientEvents>(event: E, told: ClientEvents[E]): void
  /** Aborts when the client is closed. */
  readonly over: { readonly signal: Signal }
  getToken(spent?: { readonly token: string; readonly reason: 'expired' | 'refused' }, signal?: Signal): Promise<string>
  /** The user's id; `''` until `ready`. */
  me(): string
  readonly ready: Promise<void>
  /** An upload has made its file, or was refused: the messages that wait for it go on, or fail. */
  uploaded(upload: string, file: File | undefined, problem?: Problem): void
}

/** An unacknowledged message, as it is stored. */
export interface OutboxEntry {
  readonly key: string
  readonly chatId: string
  readonly text: string
  readonly replyTo: string | undefined
  /** What it has beside its text. */
  readonly content?: SentContent | undefined
  /** The message that it is a copy of. */
  readonly forward?: MessageAddress | undefined
  readonly at: number
  /** The order of sending: grows by one with each entry. */
  readonly order: number
  /** Set if the message was permanently refused. */
  readonly problem: Problem | undefined
}

/** Where the outbox is stored. Each method resolves when the change is durable. */
export interface OutboxStore {
  load(): Promise<readonly OutboxEntry[]>
  put(entry: OutboxEntry): Promise<void>
  remove(entry: Pick<OutboxEntry, 'chatId' | 'key'>): Promise<void>
  /** A name, if several tabs share this store: one of them then sends for all. */
  readonly sharedAs?: string | undefined
}

/** Opens the outbox of a user. */
export type Persist = (userId: string) => OutboxStore | Promise<OutboxStore>

export interface OutboxLimits {
  /** Messages, at most. Default: 500. */
  readonly count: number
  /** Bytes of text in UTF-8, at most. Default: 1 MiB. */
  readonly bytes: number
  /** Milliseconds after which a waiting message fails. Default: 7 days. */
  readonly ageMs: number
  /** Milliseconds in which `cancel` still takes a message back: it is sent after them. Default: 0. */
  readonly undoMs: number
}

export interface ChatOptions extends SnapshotOptions {
  /** The address of the service, such as `https://chat.example.org`; '' is the origin of the page. */
  readonly url: string
  readonly auth: AuthSource
  /** Default: IndexedDB if the platform has it, else memory. */
  readonly persist?: Persist | undefined
  /** A newer connection of the same device replaces the older one. */
  readonly deviceId?: string | undefined
  readonly outbox?: Partial<OutboxLimits> | undefined
  readonly fetch?: Fetch | undefined
  readonly WebSocket?: SocketConstructor | undefined
  /** Clock, timers, randomness, fetch and WebSocket, for tests and for Node before 22. */
  readonly platform?: Partial<Platform> | undefined
}

export interface ChatClient extends Snapshots {
  /** Makes a call of the service with the user's token: for entries beside the core, such as `windi-chat/client/order`. */
  readonly call: Call
  /** What such entries work with. It may change with every version. */
  readonly inside: Inside
  readonly connection: Store<ConnectionState>
  readonly account: Account
  readonly chats: Chats
  chat(id: string): Chat
  readonly people: People
  /** Returns messages of all your chats that contain the query, newest first. */
  search(query: string, options?: ListOptions & { readonly senderId?: string | undefined }): Promise<Page<Message>>
  /** Unacknowledged messages of all chats. */
  readonly outbox: Store<readonly Row[]>

  /**
   * Connects, loads the chats, and sends what an earlier run has left. Returns `stop`, so that an effect of React can be
   * `() => client.start()`. Does nothing while it runs. Throws `closed` after `close`.
   */
  start(): () => void
  /** Disconnects and stands still until `start`; what is known stays, what is not sent waits. */
  stop(): void
  /** When waiting, offline or stopped by the service: tries at once. */
  reconnectNow(): void
  /** Ends the client permanently: every call rejects with `closed`; what is not sent stays in the outbox for the next run. */
  close(): void
  on<E extends keyof ClientEvents>(event: E, listener: (told: ClientEvents[E]) => void): () => void
}
