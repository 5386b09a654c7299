import type { Problem } from '../adapters/wire/schemas/service.ts'
import type { Role } from '../domain/member.ts'
import type { Platform, SocketConstructor } from './platform/platform.ts'

export type { Problem, Role }
export type ChatKind = 'private' | 'group'

/** Something to look at: `get` answers the same object until it changes, as `useSyncExternalStore` wants it. */
export interface Store<T> {
  get(): T
  subscribe(listener: () => void): () => void
}

/** What every call takes. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

/** What calls reject with when the service refuses: `code` is what programs go by, `problem` the whole of it. */
export interface ProblemError extends Error {
  readonly name: 'ProblemError'
  readonly code: string
  readonly status: number
  readonly problem: Problem
}

// People. Times are epoch milliseconds; what is absent is undefined.

export interface Person {
  readonly id: string
  readonly username: string | undefined
  /** Undefined when the person was deleted. */
  readonly name: string | undefined
  readonly lastSeenAt: number | undefined
}

export interface Me extends Person {
  readonly email: string | undefined
  readonly createdAt: number
}

export interface Presence {
  readonly isOnline: boolean
  readonly lastSeenAt: number | undefined
}

// Signing in

export interface Session {
  readonly user: Me
  readonly sessionId: string
  readonly accessToken: string
  readonly accessExpiresAt: number
  readonly refreshToken: string
  readonly refreshExpiresAt: number
}

/** Where a session outlives the program: `webSessionStore(sessionStorage)`, or what one plugs in. */
export interface SessionStore {
  read(): Session | undefined | Promise<Session | undefined>
  write(session: Session | undefined): void | Promise<void>
}

export interface Service {
  readonly name: string
  readonly version: string
  readonly epoch: string
  readonly limits: Readonly<Record<string, number>>
  /** May one come in as a guest. */
  readonly guest: boolean
}

export interface TokenOptions extends CallOptions {
  /** Renews the session first: the last token was refused. */
  readonly forceRefresh?: boolean
}

/** Why a token is asked for: none was given yet, the last one is about to expire, or the service refused it. */
export type TokenReason = 'first' | 'expired' | 'refused'

/** Tokens of an application of its own, such as those that its server issues for its users. */
export interface TokenSource {
  /** Resolves with an access token. Called once, and again when that token has expired or was refused. */
  getToken(request: { readonly reason: TokenReason }): Promise<string>
}

export interface Auth {
  /** Undefined while nobody is signed in. */
  readonly session: Store<Session | undefined>
  /** Resolves with what the store had kept. */
  readonly restored: Promise<Session | undefined>
  /** What serves there; whether guests may come in. */
  service(options?: CallOptions): Promise<Service>
  register(
    person: {
      readonly name: string
      readonly email: string
      readonly password: string
      readonly username?: string | undefined
      readonly deviceName?: string | undefined
    },
    options?: CallOptions,
  ): Promise<Session>
  /** `login` is an e-mail or a username. */
  login(
    credentials: { readonly login: string; readonly password: string; readonly deviceName?: string | undefined },
    options?: CallOptions,
  ): Promise<Session>
  guest(person?: { readonly name?: string | undefined }, options?: CallOptions): Promise<Session>
  /** Forgets the session here at once, and ends it there if that can be reached. */
  logout(options?: CallOptions): Promise<void>
  /** A token that is good for a while. However many ask, in however many tabs, one renewal is under way at a time. Rejects when signed out. */
  getToken(options?: TokenOptions): Promise<string>
}

/** An `Auth`; or a session that was made elsewhere; or a source of tokens. */
export type AuthSource = Auth | Session | TokenSource

export interface AuthOptions {
  /** Of the service, such as `https://chat.example.org`; '' is the page's own origin. */
  readonly url: string
  /** Memory when left out. */
  readonly store?: SessionStore | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly platform?: Partial<Platform> | undefined
}

// The connection

export type StopReason =
  /** `close()` was called: this client is at its end. */
  | 'closed'
  /** The session has ended, or no token could be had. */
  | 'signed-out'
  /** A newer socket of the same device took over. */
  | 'replaced'
  /** The service took this client for broken; see `closes` in the contract. */
  | 'protocol'
  /** There is no `WebSocket` here, or it may not open this address, such as an insecure one from a secure page. */
  | 'unsupported'

export type ConnectionState =
  | { readonly status: 'idle' }
  | { readonly status: 'connecting'; readonly attempt: number }
  | { readonly status: 'online' }
  /** The device says that there is no network. */
  | { readonly status: 'offline' }
  /** Tries again at `retryAt`; `reconnectNow()` does it at once. */
  | { readonly status: 'waiting'; readonly retryAt: number; readonly attempt: number }
  | { readonly status: 'stopped'; readonly reason: StopReason; readonly code: number | undefined }

// Messages and rows

export interface Message {
  readonly id: string
  readonly chatId: string
  readonly seq: number
  readonly sender: Sender
  /** One's own messages only. */
  readonly clientMessageId: string | undefined
  /** Undefined when deleted. */
  readonly text: string | undefined
  readonly replyTo: string | undefined
  readonly version: number
  readonly at: number
  readonly editedAt: number | undefined
  readonly deletedAt: number | undefined
}

export interface Sender {
  readonly id: string
  readonly username: string | undefined
  readonly name: string | undefined
}

/** One ladder: queued → sending → sent → read; failed waits for `retry` or `cancel`. What others wrote is `sent`. */
export type RowState = 'queued' | 'sending' | 'failed' | 'sent' | 'read'

/** One line of a timeline. */
export interface Row {
  /** For ever: the `client_message_id` of one's own messages, the id of all others. */
  readonly key: string
  readonly state: RowState
  readonly isMine: boolean
  /** Undefined until the log has it. */
  readonly id: string | undefined
  readonly seq: number | undefined
  readonly sender: Sender
  /** Undefined when deleted. */
  readonly text: string | undefined
  /** The id of the message that it answers. */
  readonly replyTo: string | undefined
  readonly version: number
  readonly at: number
  readonly editedAt: number | undefined
  readonly deletedAt: number | undefined
  /** Why it failed. */
  readonly problem: Problem | undefined
}

export interface Timeline {
  /** Ascending, without holes; one's own that are not in the log yet come last. */
  readonly rows: readonly Row[]
  /** `idle` until the chat is opened for the first time. */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed'
  readonly problem: Problem | undefined
  readonly hasOlder: boolean
  /** False at the live end, where new messages appear. */
  readonly hasNewer: boolean
  readonly isLoadingOlder: boolean
  readonly isLoadingNewer: boolean
  /** The key of the first message that was unread when the chat was opened; it stays put until the chat is opened anew. */
  readonly divider: string | undefined
}

// Sending

export type SendState =
  | { readonly status: 'queued' }
  | { readonly status: 'sending' }
  | { readonly status: 'sent'; readonly message: Message }
  | { readonly status: 'failed'; readonly problem: Problem }
  | { readonly status: 'cancelled' }

/** What `send` answers at once. */
export interface SendHandle extends Store<SendState> {
  /** The `client_message_id`, and the key of the row. */
  readonly key: string
  readonly chatId: string
  /** After `failed`: tries again with the same key. */
  retry(): void
  /** Takes it back where it has not been sent yet. False when it is too late. */
  cancel(): boolean
  /**
   * Resolves when it is sent, failed or cancelled, or as it is when the client is closed: `queued` and `sending` then go on with the next
   * run. Rejects with the reason of the signal only.
   */
  settled(options?: CallOptions): Promise<SendState>
}

// Chats

export interface ChatItem {
  readonly id: string
  readonly kind: ChatKind
  /** Undefined for a private chat: show the partner's. */
  readonly name: string | undefined
  readonly createdAt: number
  /** The other one of a private chat. */
  readonly partner: Person | undefined
  readonly memberCount: number
  readonly role: Role
  /** How far oneself has read, and how far all others have. */
  readonly readSeq: number
  readonly readByOthersSeq: number | undefined
  readonly unread: number
  readonly lastMessage: Message | undefined
  /** The last message as a row: with its state, and also while it is on its way. */
  readonly lastRow: Row | undefined
  /** Who is typing, without oneself. Only of chats on screen. */
  readonly typing: readonly string[]
}

export interface ChatList {
  /** By the time of the last message, newest first. */
  readonly items: readonly ChatItem[]
  readonly status: 'idle' | 'loading' | 'ready' | 'failed'
  readonly problem: Problem | undefined
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  /** Unread messages of the loaded chats. */
  readonly unread: number
}

export interface Page<T> {
  readonly items: readonly T[]
  /** The cursor of what follows, if there is more. */
  readonly next: string | undefined
}

export interface ListOptions extends CallOptions {
  readonly cursor?: string | undefined
  /** 1 to 100, 50 when left out. */
  readonly limit?: number | undefined
}

export interface Chats extends Store<ChatList> {
  loadMore(options?: CallOptions): Promise<void>
  /** Asks the service for chats whose name, or whose partner's name, contains this. */
  find(query: string, options?: ListOptions & { readonly kind?: ChatKind | undefined }): Promise<Page<ChatItem>>
  /** One of one's own as it is now, whether it is among `items` or not. */
  load(chatId: string, options?: CallOptions): Promise<ChatItem>
  /** The private chat with somebody; made if there is none. */
  openPrivate(userId: string, options?: CallOptions): Promise<ChatItem>
  createGroup(
    group: { readonly name: string; readonly memberIds?: readonly string[] | undefined },
    options?: CallOptions,
  ): Promise<ChatItem>
}

export interface Member {
  readonly person: Person
  readonly role: Role
  readonly joinedAt: number
  /** As far as is known. */
  readonly readSeq: number
}

export interface Members {
  readonly items: readonly Member[]
  readonly status: 'idle' | 'loading' | 'ready' | 'failed'
  /** There are more members than were asked for with `loadMembers`. */
  readonly hasMore: boolean
}

export interface Reader {
  readonly person: Person
  readonly readAt: number
}

export interface OpenOptions {
  /** Where to begin: at the live end (default), at the first unread message, or around a `seq`. */
  readonly at?: 'latest' | 'unread' | number | undefined
}

/** One chat. `chat(id)` answers the same object for the same id. */
export interface Chat {
  readonly id: string
  /** Undefined until known, and when it is no longer one's own. */
  readonly item: Store<ChatItem | undefined>
  readonly timeline: Store<Timeline>
  readonly members: Store<Members>
  /** Who is typing, without oneself. */
  readonly typing: Store<readonly string[]>

  /** Puts the chat on the screen: its timeline loads, typing and presence come. Answers a function that takes it off again. */
  open(options?: OpenOptions): () => void
  loadOlder(options?: CallOptions): Promise<void>
  loadNewer(options?: CallOptions): Promise<void>
  /** Shows what is around a `seq`; resolves when it is there. */
  jumpTo(seq: number, options?: CallOptions): Promise<void>
  /** The same for a message whose place is not known, such as one that is replied to. */
  jumpToMessage(messageId: string, options?: CallOptions): Promise<void>
  jumpToUnread(options?: CallOptions): Promise<void>
  jumpToLatest(options?: CallOptions): Promise<void>
  /** A message by id, whether it is in the timeline or not. */
  message(messageId: string, options?: CallOptions): Promise<Message>

  /**
   * Answers at once; the row is there when it returns. What is not even tried (`outbox-full`, `text-too-long`) has no row: its handle has
   * failed already, and the text is the caller's to keep. A `key` of one's own is good for one message of the chat: the same again finds
   * that message, today and for ever.
   */
  send(text: string, options?: { readonly replyTo?: string | undefined; readonly key?: string | undefined }): SendHandle
  /** The handle of a row that is not sent yet. */
  pending(key: string): SendHandle | undefined
  /** With a version, refuses (`version-conflict`) when there is another one by now. */
  edit(messageId: string, text: string, options?: CallOptions & { readonly version?: number | undefined }): Promise<void>
  remove(messageId: string, options?: CallOptions): Promise<void>
  /** Everything up to this `seq`, or up to the newest that is known, is read. Merged, and told as soon as there is a connection. */
  markRead(seq?: number): void
  /** To be called with every change of the draft; the rest (repeating, ending) is done here. */
  setTyping(isActive: boolean): void
  readersOf(messageId: string, options?: ListOptions): Promise<Page<Reader>>
  /** Messages of this chat that contain this, newest first. */
  search(query: string, options?: ListOptions & { readonly senderId?: string | undefined }): Promise<Page<Message>>

  /** Loads the first or the next members into `members`. */
  loadMembers(options?: CallOptions): Promise<void>
  addMembers(userIds: readonly string[], options?: CallOptions): Promise<void>
  removeMember(userId: string, options?: CallOptions): Promise<void>
  changeRole(userId: string, role: Role, options?: CallOptions): Promise<void>
  rename(name: string, options?: CallOptions): Promise<void>
  leave(options?: CallOptions): Promise<void>
  /** Deletes a group with all that it holds. */
  delete(options?: CallOptions): Promise<void>
}

export interface People {
  find(query: string, options?: ListOptions): Promise<Page<Person>>
  get(userId: string, options?: CallOptions): Promise<Person>
  /** Of those in chats on screen, by id. */
  readonly presence: Store<ReadonlyMap<string, Presence>>
}

export interface SessionEntry {
  readonly id: string
  readonly deviceName: string | undefined
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly isCurrent: boolean
}

export interface Account {
  /** Undefined until known. */
  readonly me: Store<Me | undefined>
  update(change: { readonly name?: string | undefined; readonly username?: string | undefined }, options?: CallOptions): Promise<Me>
  changePassword(currentPassword: string, newPassword: string, options?: CallOptions): Promise<void>
  sessions(options?: ListOptions): Promise<Page<SessionEntry>>
  endSession(sessionId: string, options?: CallOptions): Promise<void>
  /** Deletes the account. */
  delete(password: string, options?: CallOptions): Promise<void>
}

// Events

export interface ClientEvents {
  /** Somebody, oneself included, has written: told once, when the log has it. Not told of what is loaded from the past. */
  'message': { readonly chatId: string; readonly message: Message; readonly isMine: boolean }
  /** One's own message is in the log. */
  'sent': { readonly chatId: string; readonly key: string; readonly message: Message }
  /** One's own message was refused for good, or did not fit, or grew too old. */
  'refused': { readonly chatId: string; readonly key: string; readonly problem: Problem }
  /** What was known of a chat, or of all, was too old and is loaded anew: rows may have jumped. */
  'refetched': { readonly chatId: string | undefined; readonly reason: 'limited' | 'epoch' | 'ahead' }
  /** A chat has become one's own. */
  'joined': { readonly chatId: string }
  /** A chat is no longer one's own; or, `hidden`, a private one is off one's list until its next message. */
  'gone': { readonly chatId: string; readonly reason: 'left' | 'hidden' | 'removed' | 'deleted' | 'not-found' }
  'connection': ConnectionState
  /** What should not happen: a store that failed, a token that could not be had, an answer that cannot be read. */
  'error': { readonly error: unknown; readonly during: string }
}

// The client

/** One message on its way, as it is kept. */
export interface OutboxEntry {
  readonly key: string
  readonly chatId: string
  readonly text: string
  readonly replyTo: string | undefined
  readonly at: number
  /** Grows by one with each entry: the order of sending. */
  readonly order: number
  /** Set when it was refused for good. */
  readonly problem: Problem | undefined
}

/** Where the outbox is kept. Each method resolves when the change is safe. */
export interface OutboxStore {
  load(): Promise<readonly OutboxEntry[]>
  put(entry: OutboxEntry): Promise<void>
  remove(entry: Pick<OutboxEntry, 'chatId' | 'key'>): Promise<void>
  /** Named where several tabs see the same one: then one of them sends for all. */
  readonly sharedAs?: string | undefined
}

/** Opens the outbox of one person. */
export type Persist = (userId: string) => OutboxStore | Promise<OutboxStore>

export interface OutboxLimits {
  /** Messages on their way: 500. */
  readonly count: number
  /** Of text, UTF-8: 1 MiB. */
  readonly bytes: number
  /** What has waited longer has failed: 7 days. */
  readonly ageMs: number
}

export interface ChatOptions {
  /** Of the service, such as `https://chat.example.org`; '' is the page's own origin. */
  readonly url: string
  readonly auth: AuthSource
  /** IndexedDB where there is one, else memory. */
  readonly persist?: Persist | undefined
  /** A newer connection with the same id replaces the older one. */
  readonly deviceId?: string | undefined
  readonly outbox?: Partial<OutboxLimits> | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly WebSocket?: SocketConstructor | undefined
  /** Clock, timers, randomness and the rest of the surroundings; see `testing`. */
  readonly platform?: Partial<Platform> | undefined
}

export interface ChatClient {
  readonly connection: Store<ConnectionState>
  readonly account: Account
  readonly chats: Chats
  chat(id: string): Chat
  readonly people: People
  /** Searches all of one's own chats, newest first. */
  search(query: string, options?: ListOptions & { readonly senderId?: string | undefined }): Promise<Page<Message>>
  /** All that waits to be sent, in any chat. */
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
