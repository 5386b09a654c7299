import type { Chat, ChatKind } from '../../domain/chat.ts'
import type { Person } from '../../domain/identity.ts'
import type { ChatId, Instant, MessageId, Seq, UserId } from '../../domain/ids.ts'
import type { Emoji } from '../../domain/reaction.ts'
import type { Page, Window } from './lists.ts'
import type {
  ChatPosition,
  ChatView,
  MemberPosition,
  MemberView,
  MentionPosition,
  MessageFilter,
  MessageRun,
  MessageView,
  MessageWindow,
  Moved,
  PinnedMessages,
  PlaceSince,
  ReactorPosition,
  ReactorView,
  Standing,
} from './views.ts'

/** Reads chats. Returns undefined to users who are not members, as if the chat did not exist; membership is read with the answer itself. */
export interface Chats {
  /**
   * Returns the viewer's chats without hidden ones, either those that are archived or the others: first the pinned ones, then by time of the
   * last message (else of creation), newest first.
   */
  list(
    viewer: UserId,
    filter: { readonly query?: string | undefined; readonly kind?: ChatKind | undefined; readonly archived?: boolean | undefined },
    window: Window<ChatPosition>,
  ): Promise<Page<ChatView, ChatPosition>>
  /** Returns all chats there are, whoever their members are, newest first. */
  all(window: Window<{ readonly id: ChatId }>): Promise<Page<Chat, { readonly id: ChatId }>>
  get(viewer: UserId, chatId: ChatId): Promise<ChatView | undefined>
  /** Returns the members, those who joined first come first. */
  members(viewer: UserId, chatId: ChatId, window: Window<MemberPosition>): Promise<Page<MemberView, MemberPosition> | undefined>
  /** Returns these members of a chat, without users who are not members. */
  membersOf(viewer: UserId, chatId: ChatId, userIds: readonly UserId[]): Promise<readonly MemberView[] | undefined>
  messages(
    viewer: UserId,
    chatId: ChatId,
    window: MessageWindow,
    filter: MessageFilter,
    limit: number,
    count: boolean,
  ): Promise<MessageRun | undefined>
  /** `message` is undefined if a member asks for one that does not exist. */
  message(viewer: UserId, chatId: ChatId, messageId: MessageId): Promise<{ readonly message: MessageView | undefined } | undefined>
  /** Returns matches in all chats of the viewer, newest first: by time, then id. */
  search(
    viewer: UserId,
    filter: { readonly query: string; readonly chatId?: ChatId | undefined; readonly senderId?: UserId | undefined },
    window: Window<{ readonly at: Instant; readonly id: MessageId }>,
  ): Promise<Page<MessageView, { readonly at: Instant; readonly id: MessageId }>>
  /** Returns messages that mention the viewer, or all members since the viewer joined, in all chats of the viewer, newest first. */
  mentions(
    viewer: UserId,
    filter: { readonly unread?: boolean | undefined },
    window: Window<MentionPosition>,
  ): Promise<Page<MessageView, MentionPosition>>
  /** Returns present members except the sender who have read up to `seq`, with the time when each did, in the order of joining. */
  readers(
    viewer: UserId,
    chatId: ChatId,
    message: { readonly seq: Seq; readonly senderId: UserId },
    window: Window<MemberPosition>,
  ): Promise<Page<{ readonly person: Person; readonly readAt: Instant }, MemberPosition> | undefined>
  /** Returns who has reacted to a message, those who did first come first. */
  reactions(
    viewer: UserId,
    chatId: ChatId,
    of: { readonly seq: Seq; readonly emoji: Emoji | undefined },
    window: Window<ReactorPosition>,
  ): Promise<Page<ReactorView, ReactorPosition> | undefined>
  /** Returns the pinned messages, and the head of the log at the same moment. */
  pins(viewer: UserId, chatId: ChatId): Promise<PinnedMessages | undefined>
  /**
   * Returns the user's standing in each of their chats, or of these, hidden ones too, but no private chat that has not appeared to the user
   * yet; so do the next three. The number of statements does not grow with the chats.
   */
  standings(viewer: UserId, among?: readonly ChatId[]): Promise<readonly Standing[]>
  /** Returns the user's chats, or these, hidden ones too, and in which of them anything moved since then. One statement, without counting anything. */
  places(viewer: UserId, since: Instant, among?: readonly ChatId[]): Promise<readonly PlaceSince[]>
  /**
   * Returns what tells whether a process still knows the user's chats. Marks of other members are not looked at. A message counts by the time of
   * its id, a UUIDv7. Two statements at most, of one row.
   */
  moved(viewer: UserId, since: Instant): Promise<Moved>
  standing(viewer: UserId, chatId: ChatId): Promise<Standing | undefined>
  /** Returns the heads of these chats, without deleted chats. One statement. */
  heads(chatIds: readonly ChatId[]): Promise<ReadonlyMap<ChatId, Seq>>
  /** Returns which of these users joined which chat at or after this time, or to whom it appeared then. One statement. */
  joinedSince(
    userIds: readonly UserId[],
    since: Instant,
  ): Promise<readonly { readonly userId: UserId; readonly chatId: ChatId; readonly joinedSeq: Seq }[]>
  /** Returns the first members in the order of joining, with their read positions, for a chat that was just joined. */
  readMarks(chatId: ChatId, limit: number): Promise<readonly { readonly userId: UserId; readonly readSeq: Seq }[]>
  /**
   * Returns what is left of a user's erasure: their groups, chats with messages, mentions or reactions of theirs, private chats without their
   * `author.erased`. `headSeq`: the head of the log at that moment. `heir`: the admin (else the member) who joined first, other than that user.
   * At most 100.
   */
  toErase(userId: UserId): Promise<readonly { readonly chatId: ChatId; readonly headSeq: Seq; readonly heir: UserId | undefined }[]>
  /** Returns the epoch: the identity of this store until it is restored from a backup. */
  epoch(): Promise<string>
}
