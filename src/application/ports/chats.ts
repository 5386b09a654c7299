import type { ChatKind } from '../../domain/chat.ts'
import type { Person } from '../../domain/identity.ts'
import type { ChatId, Instant, MessageId, Seq, UserId } from '../../domain/ids.ts'
import type { Page, Window } from './lists.ts'
import type {
  ChatPosition,
  ChatView,
  MemberPosition,
  MemberView,
  MessageFilter,
  MessageRun,
  MessageView,
  MessageWindow,
  Standing,
} from './views.ts'

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
    window: Window<{ readonly at: Instant; readonly id: MessageId }>,
  ): Promise<Page<MessageView, { readonly at: Instant; readonly id: MessageId }>>
  /** Present members but the sender who have reached `seq`, and when each did, by the order in which they came. */
  readers(
    viewer: UserId,
    chatId: ChatId,
    message: { readonly seq: Seq; readonly senderId: UserId },
    window: Window<MemberPosition>,
  ): Promise<Page<{ readonly person: Person; readonly readAt: Instant }, MemberPosition> | undefined>
  /** All chats of somebody, hidden ones too, and where one stands in each. In few statements however many there are. */
  standings(viewer: UserId): Promise<readonly Standing[]>
  standing(viewer: UserId, chatId: ChatId): Promise<Standing | undefined>
  /** Heads of these chats; one that is gone is left out. One statement. */
  heads(chatIds: readonly ChatId[]): Promise<ReadonlyMap<ChatId, Seq>>
  /** Who of these people has become a member of which chat, from this time on (joinedAt). One statement. */
  joinedSince(
    userIds: readonly UserId[],
    since: Instant,
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
