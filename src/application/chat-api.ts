import type { ChatKind } from '../domain/chat.ts'
import type { Privacy } from '../domain/consent.ts'
import type { NewContent } from '../domain/content.ts'
import type { ChatEvent } from '../domain/event.ts'
import type { Factor } from '../domain/factor.ts'
import type { Person, Session, User } from '../domain/identity.ts'
import type { ChatId, ClientMessageId, Count, Instant, KeyId, MessageId, Seq, SessionId, UserId } from '../domain/ids.ts'
import type { Key } from '../domain/keys.ts'
import type { Data } from '../domain/message.ts'
import type { Reacted } from '../domain/reacting.ts'
import type { KeyScope } from '../domain/scopes.ts'
import type { Anonymous, Caller, Origin } from './caller.ts'
import type { OrderApi } from './chats/api.ts'
import type { ConsentApi, PrivacyChange } from './consent/api.ts'
import type { FileApi } from './file-api.ts'
import type { HooksApi } from './hooks/api.ts'
import type { ProfileChange } from './identity/profile-change.ts'
import type { InletsApi } from './inlets/api.ts'
import type { NoticesApi } from './notices/api.ts'
import type { KeyPosition } from './ports/keys.ts'
import type { Page, Window } from './ports/lists.ts'
import type { UserNotices } from './ports/notices.ts'
import type { PasskeyResponse } from './ports/second-factors.ts'
import type {
  ChatPosition,
  ChatView,
  MemberPosition,
  MemberView,
  MentionPosition,
  MessageView,
  MessageWindow,
  MyChat,
  PersonPosition,
  PinnedMessages,
  ReactorPosition,
  ReactorView,
} from './ports/views.ts'
import type { ChatWanted, ProvisionedChat, ProvisionedUser, UserWanted } from './provisioned.ts'
import type { ReportsApi } from './reports/api.ts'
import type { PasskeyOptions, SignedIn } from './signed-in.ts'
import type { StaffCalls } from './staff-calls.ts'

export type { Anonymous, Caller, Origin, PasskeyOptions, PrivacyChange, SignedIn }

/**
 * What users see of themselves, with their settings of notifications for all chats and of privacy. `digest` is undefined where the service
 * sends no such mail.
 */
export type Profile = User & {
  readonly notices: Omit<UserNotices, 'digest'> & Partial<Pick<UserNotices, 'digest'>>
  readonly privacy: Privacy
}

export interface Sent {
  readonly view: MessageView
  readonly replayed: boolean
}

/** The message that is forwarded. */
export interface Source {
  readonly chatId: ChatId
  readonly messageId: MessageId
}

/** What is sent: content of one's own, or a copy of another message. */
export type NewMessage = { readonly clientMessageId: ClientMessageId; readonly replyTo?: MessageId | undefined } & (
  | (NewContent & { readonly forward?: undefined })
  | { readonly forward: Source }
)
type MessagePosition = { readonly at: Instant; readonly id: MessageId }

/**
 * Everything that can be done with chats: the one inbound port, driven alike by HTTP, WebSocket, command line and tests.
 * Every function checks who may do what, and says no with a `Refusal`.
 */
export interface ChatApi
  extends FileApi<Caller, Anonymous>,
    ConsentApi,
    HooksApi,
    NoticesApi,
    InletsApi,
    StaffCalls<Caller>,
    ReportsApi<Caller>,
    OrderApi<Caller> {
  // Identity
  register(
    anonymous: Anonymous,
    command: { name: string; email: string; password: string; username?: string | undefined; deviceName?: string | undefined },
  ): Promise<SignedIn>
  createGuest(anonymous: Anonymous, command: { name?: string | undefined }): Promise<SignedIn>
  login(
    anonymous: Anonymous,
    command: { login: string; password: string; secondFactor?: string | undefined; deviceName?: string | undefined },
  ): Promise<SignedIn>
  /** Mails a code for a new password to whoever has the login, if anybody does: the answer does not tell. */
  recover(anonymous: Anonymous, command: { login: string }): Promise<void>
  /** Sets a new password with such a code. Refuses with `bad-code`. */
  resetPassword(
    anonymous: Anonymous,
    command: { code: string; password: string; secondFactor?: string | undefined; deviceName?: string | undefined },
  ): Promise<SignedIn>
  /** What an authenticator needs for signing in. Refuses with `not-found` where there are no passkeys. */
  passkeySignIn(anonymous: Anonymous): Promise<PasskeyOptions>
  signInWithPasskey(
    anonymous: Anonymous,
    command: { challengeId: string; response: PasskeyResponse; deviceName?: string | undefined },
  ): Promise<SignedIn>
  refresh(anonymous: Anonymous, command: { refreshToken: string }): Promise<SignedIn>
  /**
   * Returns whom a bearer token names: a token of ours, of an issuer, or a key. With a key, `actAs` names the user to act as: an id, or
   * `ext:` and a percent-encoded external id. Refuses with `unauthenticated`, `token-expired`, `session-ended` or `person-disabled`.
   */
  authenticate(token: string, actAs?: string): Promise<Caller & { readonly expiresAt: Instant }>
  logout(caller: Caller): Promise<void>
  changePassword(caller: Caller, command: { currentPassword: string; newPassword: string }): Promise<void>
  /** Verifies the address that the user gave last. Refuses with `bad-code`, and with `email-taken` if another user verified it first. */
  verifyEmail(caller: Caller, command: { code: string }): Promise<User>
  sendEmailCode(caller: Caller): Promise<void>
  listFactors(caller: Caller): Promise<readonly Factor[]>
  /** Makes a secret for an authenticator app; it counts once `confirmTotp` has seen a code of it. */
  addTotp(caller: Caller, command: { currentPassword: string; name: string }): Promise<{ factor: Factor; secret: string; uri: string }>
  /** Recovery codes are made with the first second factor. */
  confirmTotp(caller: Caller, command: { factorId: string; code: string }): Promise<{ recoveryCodes: readonly string[] | undefined }>
  passkeyCreation(caller: Caller, command: { currentPassword: string }): Promise<PasskeyOptions>
  addPasskey(
    caller: Caller,
    command: { challengeId: string; response: PasskeyResponse; name: string },
  ): Promise<{ factor: Factor; recoveryCodes: readonly string[] | undefined }>
  removeFactor(caller: Caller, command: { factorId: string; currentPassword: string }): Promise<void>
  newRecoveryCodes(caller: Caller, command: { currentPassword: string }): Promise<readonly string[]>
  listSessions(caller: Caller): Promise<readonly Session[]>
  endSession(caller: Caller, sessionId: SessionId): Promise<void>

  // People
  getMe(caller: Caller): Promise<Profile>
  updateMe(caller: Caller, command: ProfileChange): Promise<Profile>
  deleteMe(caller: Caller, command: { password: string }): Promise<void>
  /** Makes a guest an account: of ours, or of an issuer whose token is given. */
  upgradeGuest(
    caller: Caller,
    command: { email: string; password: string; username?: string | undefined } | { token: string },
  ): Promise<SignedIn | { readonly user: User }>
  findUsers(caller: Caller, filter: { query?: string | undefined }, window: Window<PersonPosition>): Promise<Page<Person, PersonPosition>>
  getUser(caller: Caller, userId: UserId): Promise<Person>

  // Chats
  openPrivateChat(caller: Caller, command: { userId: UserId; data?: Data | undefined }): Promise<{ view: ChatView; isNew: boolean }>
  createGroup(
    caller: Caller,
    command: { name: string; memberIds: readonly UserId[]; clientChatId?: string | undefined; data?: Data | undefined },
  ): Promise<{ view: ChatView; isNew: boolean }>
  listChats(
    caller: Caller,
    filter: { query?: string | undefined; kind?: ChatKind | undefined; archived?: boolean | undefined },
    window: Window<ChatPosition>,
  ): Promise<Page<ChatView, ChatPosition>>
  getChat(caller: Caller, chatId: ChatId): Promise<ChatView>
  /** Changes the caller's own state of a chat. Refuses with `pins-full`. */
  updateMyChat(
    caller: Caller,
    command: { chatId: ChatId; pinned?: boolean | undefined; archived?: boolean | undefined; markedUnread?: boolean | undefined },
  ): Promise<MyChat>
  deleteChat(caller: Caller, chatId: ChatId): Promise<void>
  listMembers(caller: Caller, chatId: ChatId, window: Window<MemberPosition>): Promise<Page<MemberView, MemberPosition>>

  // Messages
  sendMessage(caller: Caller, command: { chatId: ChatId } & NewMessage): Promise<Sent>
  /** Opens the private chat with somebody if there is none, then sends. */
  sendMessageToUser(caller: Caller, command: { userId: UserId } & NewMessage): Promise<Sent>
  listMessages(
    caller: Caller,
    command: {
      chatId: ChatId
      window: MessageWindow
      limit: number
      count?: boolean | undefined
      senderId?: UserId | undefined
      query?: string | undefined
    },
  ): Promise<{
    readonly items: readonly MessageView[]
    readonly hasOlder: boolean
    readonly hasNewer: boolean
    readonly total: Count | undefined
  }>
  searchMessages(
    caller: Caller,
    filter: { query: string; chatId?: ChatId | undefined; senderId?: UserId | undefined },
    window: Window<MessagePosition>,
  ): Promise<Page<MessageView, MessagePosition>>
  /** Messages that mention the caller, or all members, newest first. */
  listMentions(
    caller: Caller,
    filter: { unread?: boolean | undefined },
    window: Window<MentionPosition>,
  ): Promise<Page<MessageView, MentionPosition>>
  getMessage(caller: Caller, command: { chatId: ChatId; messageId: MessageId }): Promise<MessageView>
  editMessage(
    caller: Caller,
    command: { chatId: ChatId; messageId: MessageId; version?: number | undefined } & Omit<NewContent, 'kind'>,
  ): Promise<MessageView>
  deleteMessage(caller: Caller, command: { chatId: ChatId; messageId: MessageId }): Promise<{ readonly seq: Seq }>
  markRead(
    caller: Caller,
    command: { chatId: ChatId } & ({ seq: Seq } | { messageId: MessageId }),
  ): Promise<{ readonly chatId: ChatId; readonly readSeq: Seq; readonly unread: Count; readonly unreadMentions: Count }>
  listReaders(
    caller: Caller,
    command: { chatId: ChatId; messageId: MessageId },
    window: Window<MemberPosition>,
  ): Promise<Page<{ readonly person: Person; readonly readAt: Instant }, MemberPosition>>
  /** Resolves with the reactions to the message, the caller's own among them. */
  addReaction(caller: Caller, command: { chatId: ChatId; messageId: MessageId; emoji: string }): Promise<Reacted>
  /** With `everyone`, removes this emoji of all users: for the owner and admins. */
  removeReaction(
    caller: Caller,
    command: { chatId: ChatId; messageId: MessageId; emoji: string; everyone?: boolean | undefined },
  ): Promise<Reacted>
  listReactions(
    caller: Caller,
    command: { chatId: ChatId; messageId: MessageId; emoji?: string | undefined },
    window: Window<ReactorPosition>,
  ): Promise<Page<ReactorView, ReactorPosition>>
  pinMessage(caller: Caller, command: { chatId: ChatId; messageId: MessageId }): Promise<void>
  unpinMessage(caller: Caller, command: { chatId: ChatId; messageId: MessageId }): Promise<void>
  listPins(caller: Caller, chatId: ChatId): Promise<PinnedMessages>
  /** The log above `after`, ascending, without holes; short only at the end. */
  listEvents(
    caller: Caller,
    command: { chatId: ChatId; after: Seq; limit: number },
  ): Promise<{ readonly events: readonly ChatEvent[]; readonly head: Seq }>

  // Back ends, with keys
  provisionUsers(caller: Caller, command: { users: readonly UserWanted[] }): Promise<readonly ProvisionedUser[]>
  provisionChats(caller: Caller, command: { chats: readonly ChatWanted[] }): Promise<readonly ProvisionedChat[]>
  findExternalUser(caller: Caller, filter: { externalId: string }): Promise<User>
  deleteUser(caller: Caller, userId: UserId): Promise<void>
  /** Refuses tokens that were issued before now and ends the user's sessions. */
  revokeTokens(caller: Caller, userId: UserId): Promise<void>
  createKey(
    caller: Caller,
    command: { name: string; scopes?: readonly KeyScope[] | undefined; botId?: UserId | undefined; expiresAt?: Instant | undefined },
  ): Promise<{ readonly key: Key; readonly text: string }>
  listKeys(caller: Caller, window: Window<KeyPosition>): Promise<Page<Key, KeyPosition>>
  revokeKey(caller: Caller, keyId: KeyId): Promise<void>
  epoch(): Promise<string>
}
