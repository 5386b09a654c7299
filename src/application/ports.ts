import type { Chat, ChatKind, ChatState, Decision, Scope } from '../domain/chat.ts'
import type { ChatEvent } from '../domain/event.ts'
import type { Person, Session, User } from '../domain/identity.ts'
import type { ChatId, MessageId, Millis, Seq, SessionId, UserId } from '../domain/ids.ts'
import type { Role } from '../domain/membership.ts'
import type { Message } from '../domain/message.ts'
import type { LowestMarks, Receipt } from '../domain/receipt.ts'
import type { Bus } from './bus.ts'
import type { RateLimiter } from './limits.ts'

/** All that the application needs of the world. Every method's comment is a promise; contract kits hold stores and buses to theirs. */
export interface Ports {
  readonly log: ChatLog
  readonly receipts: Receipts
  readonly chats: Chats
  readonly people: People
  readonly sessions: Sessions
  readonly passwords: Passwords
  readonly tokens: Tokens
  readonly bus: Bus
  readonly limiter: RateLimiter
  /** Is it among the passwords that attackers try first. */
  readonly isCommonPassword: (password: string) => boolean
  readonly clock: () => Millis
  /** A new UUIDv7. */
  readonly newId: () => string
  /** A number from 0 to 1, 1 excluded. */
  readonly random: () => number
  /** Runs something once, about so much later; keeps no process alive. */
  readonly later: (run: () => void, wait: Millis) => void
  /** A short digest without collisions; the same text gives the same digest for ever. */
  readonly digest: (text: string) => string
}

/**
 * Hears of every commit once, with all events that it committed, in order within each chat. It is called after the commit and before
 * the promises of its calls resolve, and it must not throw.
 */
export type Announce = (events: readonly ChatEvent[]) => void

/** The one place where chats change. Adapters are made with an `Announce`. */
export interface ChatLog {
  /**
   * Shows `decide` what `scope` names of one chat, held so that nobody else changes it, and commits the events that it returns,
   * all or none. Calls may share one transaction; a refusal undoes its own call alone. Resolves when the events are durable.
   * `decide` is pure and may run again. When too many calls wait, refuses with `overloaded` before anything has happened.
   */
  change<R>(scope: Scope, decide: (state: ChatState) => Decision<R>): Promise<R>
  /** Events above `after`, ascending, without holes, at most `limit`, the texts and names as they are now. Empty for no such chat. */
  read(chatId: ChatId, after: Seq, limit: number): Promise<readonly ChatEvent[]>
  /**
   * Takes away some texts of somebody whose deletion has begun, so that the change which tells it has little left to do: always leaves the
   * latest. Answers how many it took; 0 when the rest is for the change.
   */
  eraseTexts(erasure: { readonly chatId: ChatId; readonly userId: UserId; readonly at: Millis }): Promise<number>
}

/** How far everybody has read. Marks are written without the chat's lock and only grow. */
export interface Receipts {
  /**
   * Moves a member's mark up to `to` (above the head: to the head), never back, and answers where it now stands; `moved` tells whether
   * this call moved it. Undefined for who is no member.
   */
  advance(mark: { readonly chatId: ChatId; readonly userId: UserId; readonly to: Seq; readonly at: Millis }): Promise<Marked | undefined>
  /** Takes a private chat off a member's list until its next message. */
  hide(chatId: ChatId, userId: UserId): Promise<void>
  /** Marks of these chats that moved after `since` (a time of this store's own marks), each member's latest. */
  since(chatIds: readonly ChatId[], since: Millis): Promise<readonly Receipt[]>
  /** Who has read least of each of these chats. Of one that is not there: nothing. */
  lowest(chatIds: readonly ChatId[]): Promise<ReadonlyMap<ChatId, LowestMarks>>
}

export interface Marked {
  readonly receipt: Receipt
  readonly unread: number
  readonly moved: boolean
  /** Members of the chat: decides who is told. */
  readonly memberCount: number
  /** As they are now. */
  readonly lowest: LowestMarks
}

/** A page of a list: its items in the order shown, and where the list goes on in both directions. */
export interface Page<T, Position> {
  readonly items: readonly T[]
  readonly next: Position | undefined
  readonly prev: Position | undefined
  /** How many match in all; only where it was asked for. */
  readonly total?: number | undefined
}

export interface Window<Position> {
  readonly limit: number
  /** Items behind this one, which a page gave as `next`; undefined is the beginning. */
  readonly from?: Position | undefined
  readonly count?: boolean | undefined
}

/** A chat as one of its members sees it. */
export interface ChatView {
  readonly chat: Pick<Chat, 'id' | 'kind' | 'name' | 'createdAt' | 'headSeq' | 'memberSeq' | 'memberCount'>
  /** The other one of a private chat. */
  readonly partner: Person | undefined
  readonly me: { readonly role: Role; readonly joinedAt: Millis; readonly readSeq: Seq }
  readonly unread: number
  readonly readByOthers: Seq | undefined
  readonly lastMessage: MessageView | undefined
}

export interface MessageView {
  readonly message: Message
  /** Every present member but the sender has reached it, and there is at least one. */
  readonly isRead: boolean
}

export interface MemberView {
  readonly person: Person
  readonly role: Role
  readonly joinedAt: Millis
  readonly readSeq: Seq
}

/** Where a viewer stands in a chat: all that subscribing needs. */
export interface Standing {
  readonly chatId: ChatId
  readonly headSeq: Seq
  readonly memberSeq: Seq
  readonly memberCount: number
  readonly joinedSeq: Seq
  readonly readSeq: Seq
  readonly readByOthers: Seq | undefined
  readonly unread: number
}

/** By the last message, newest first. */
export interface ChatPosition {
  readonly at: Millis
  readonly id: ChatId
}
export interface MemberPosition {
  readonly joinedSeq: Seq
  readonly userId: UserId
}
export interface PersonPosition {
  readonly name: string
  readonly id: UserId
}

export interface MessageFilter {
  readonly senderId?: UserId | undefined
  /** In folded form. */
  readonly query?: string | undefined
}

/** Which messages of a chat: always a run without gaps (of those that match). */
export type MessageWindow =
  | { readonly kind: 'newest' }
  /** The nearest below (or above) `seq`, itself left out. */
  | { readonly kind: 'before' | 'after'; readonly seq: Seq }
  /** Half of the limit below `seq`, the rest from it on. */
  | { readonly kind: 'around'; readonly seq: Seq }
  /** Counted from the first that matches; with `fromEnd` from the last one backwards. */
  | { readonly kind: 'offset'; readonly offset: number; readonly fromEnd: boolean }

export interface MessageRun {
  /** Ascending by `seq`, whatever the window. */
  readonly items: readonly MessageView[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
  readonly total: number | undefined
}

/** Reading chats. Whoever is not a member gets undefined, as if the chat did not exist; membership is read with the answer itself. */
export interface Chats {
  /** One's own chats without the hidden ones, by the time of the last message (else of creation), newest first. */
  list(
    viewer: UserId,
    filter: { readonly query?: string | undefined; readonly kind?: ChatKind | undefined },
    window: Window<ChatPosition>,
  ): Promise<Page<ChatView, ChatPosition>>
  get(viewer: UserId, chatId: ChatId): Promise<ChatView | undefined>
  /** Members in the order in which they came. */
  members(viewer: UserId, chatId: ChatId, window: Window<MemberPosition>): Promise<Page<MemberView, MemberPosition> | undefined>
  /** These members of a chat; who is none is left out. */
  membersOf(viewer: UserId, chatId: ChatId, userIds: readonly UserId[]): Promise<readonly MemberView[] | undefined>
  messages(
    viewer: UserId,
    chatId: ChatId,
    window: MessageWindow,
    filter: MessageFilter,
    limit: number,
    count: boolean,
  ): Promise<MessageRun | undefined>
  /** `message` is undefined where a member asks for one that does not exist. */
  message(viewer: UserId, chatId: ChatId, messageId: MessageId): Promise<{ readonly message: MessageView | undefined } | undefined>
  /** Matches in all of one's own chats, newest first: by time, then id. */
  search(
    viewer: UserId,
    filter: { readonly query: string; readonly chatId?: ChatId | undefined; readonly senderId?: UserId | undefined },
    window: Window<{ readonly at: Millis; readonly id: MessageId }>,
  ): Promise<Page<MessageView, { readonly at: Millis; readonly id: MessageId }>>
  /** Present members but the sender who have reached `seq`, and when each did, by the order in which they came. */
  readers(
    viewer: UserId,
    chatId: ChatId,
    message: { readonly seq: Seq; readonly senderId: UserId },
    window: Window<MemberPosition>,
  ): Promise<Page<{ readonly person: Person; readonly readAt: Millis }, MemberPosition> | undefined>
  /** All chats of somebody, hidden ones too, and where one stands in each. In few statements however many there are. */
  standings(viewer: UserId): Promise<readonly Standing[]>
  standing(viewer: UserId, chatId: ChatId): Promise<Standing | undefined>
  /** Heads of these chats; one that is gone is left out. One statement. */
  heads(chatIds: readonly ChatId[]): Promise<ReadonlyMap<ChatId, Seq>>
  /** Who of these people has become a member of which chat, from this time on (joinedAt). One statement. */
  joinedSince(
    userIds: readonly UserId[],
    since: Millis,
  ): Promise<readonly { readonly userId: UserId; readonly chatId: ChatId; readonly joinedSeq: Seq }[]>
  /** The first members in the order in which they came, with their marks: what a joined chat shows. */
  readMarks(chatId: ChatId, limit: number): Promise<readonly { readonly userId: UserId; readonly readSeq: Seq }[]>
  /**
   * What erasing somebody has still to visit: groups they are in, chats with undeleted messages of theirs, private chats without their
   * `author.erased`. `heir`: the longest-standing admin, else member, other than that person. At most 100.
   */
  toErase(userId: UserId): Promise<readonly { readonly chatId: ChatId; readonly heir: UserId | undefined }[]>
  /** Names this store for as long as it has not been restored from a copy. */
  epoch(): Promise<string>
}

export interface NewUser {
  readonly id: UserId
  readonly username: string
  readonly name: string
  readonly email: string | undefined
  readonly passwordHash: string | undefined
  readonly createdAt: Millis
}

/** Who there is. Those who were deleted keep their id, and are not found by anything but `get`-ting messages of theirs. */
export interface People {
  /** Adds somebody, or says what of them is taken. */
  add(user: NewUser): Promise<'added' | 'email-taken' | 'username-taken'>
  get(id: UserId): Promise<User | undefined>
  /** By e-mail or username, in lower case, with what a password is checked against. */
  credentials(login: string): Promise<{ readonly user: User; readonly passwordHash: string | undefined } | undefined>
  passwordHash(id: UserId): Promise<string | undefined>
  setPasswordHash(id: UserId, hash: string): Promise<void>
  /** Changes a name, a username or both; undefined leaves it. */
  rename(
    id: UserId,
    change: { readonly name?: string | undefined; readonly username?: string | undefined },
  ): Promise<'renamed' | 'username-taken'>
  /**
   * By name (folded), then id: those whose folded name or username contains `query`, or whose e-mail it is; `exact`: whose whole username
   * or e-mail it is. Oneself is left out. `lastSeenAt` only of those with whom one shares a chat.
   */
  find(
    viewer: UserId,
    filter: { readonly query?: string | undefined; readonly exact: boolean },
    window: Window<PersonPosition>,
  ): Promise<Page<Person, PersonPosition>>
  /** Somebody as `viewer` may see them: `lastSeenAt` only where they share a chat. */
  see(viewer: UserId, id: UserId): Promise<Person | undefined>
  /** These people's times of being last seen are at least these. */
  seen(times: ReadonlyMap<UserId, Millis>): Promise<void>
  /** Begins a deletion: username, e-mail, name and password are gone at once. */
  erase(id: UserId, at: Millis): Promise<void>
  /** Deletions that have begun and not ended. */
  erasing(): Promise<readonly UserId[]>
  /** Ends a deletion. */
  erased(id: UserId): Promise<void>
}

export interface Sessions {
  add(session: Session): Promise<void>
  get(id: SessionId): Promise<Session | undefined>
  /** One's sessions that have neither ended nor expired, newest first. */
  list(userId: UserId, now: Millis): Promise<readonly Session[]>
  /** Replaces a session if its generation is still `generation` and it has not ended; true if it was replaced. */
  rotate(generation: number, session: Session): Promise<boolean>
  /** Ends these sessions, of one person. */
  end(userId: UserId, ids: readonly SessionId[], at: Millis): Promise<void>
  /** Those of these sessions that may still be used. One statement. */
  live(ids: readonly SessionId[], now: Millis): Promise<ReadonlySet<SessionId>>
  /** These sessions' times of last use are at least these. */
  used(times: ReadonlyMap<SessionId, Millis>): Promise<void>
  /** Forgets sessions that ended or expired before this time; answers how many. */
  forget(before: Millis): Promise<number>
}

/** Slow on purpose, off the event loop, bounded in number: refuses with `overloaded` when too many wait. */
export interface Passwords {
  hash(password: string): Promise<string>
  /** Takes the same time whether there is a hash or not. */
  verify(hash: string | undefined, password: string): Promise<boolean>
}

export interface AccessClaims {
  readonly userId: UserId
  readonly sessionId: SessionId
  readonly expiresAt: Millis
}

/** Makes and checks tokens; keeps none. */
export interface Tokens {
  access(claims: AccessClaims): Promise<string>
  /** Who a token names. Refuses with `unauthenticated` or `token-expired`. */
  verifyAccess(token: string): Promise<AccessClaims>
  /** The refresh token of a session's generation: always the same for the same two. */
  refresh(sessionId: SessionId, generation: number): string
  /** Which session and generation a refresh token names; undefined for what was never issued. */
  verifyRefresh(token: string): { readonly sessionId: SessionId; readonly generation: number } | undefined
}
