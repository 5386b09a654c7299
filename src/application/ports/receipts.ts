import type { ChatId, Count, Instant, Seq, UserId } from '../../domain/ids.ts'
import type { LowestMarks, Receipt } from '../../domain/receipt.ts'

/** Read positions. They are written without the chat's lock and only grow. */
export interface Receipts {
  /**
   * Moves a member's read position up to `to` (at most to the head), never back, and returns where it is now; `moved` is whether this
   * call moved it. Undefined for users who are not members.
   */
  advance(mark: { readonly chatId: ChatId; readonly userId: UserId; readonly to: Seq; readonly at: Instant }): Promise<Marked | undefined>
  /** Returns the read positions of these chats that moved after `since` (a time of this store's own), the latest per member. */
  since(chatIds: readonly ChatId[], since: Instant): Promise<readonly Receipt[]>
  /** Returns the lowest read positions of each of these chats. Unknown chats are left out. */
  lowest(chatIds: readonly ChatId[]): Promise<ReadonlyMap<ChatId, LowestMarks>>
}

export interface Marked {
  readonly receipt: Receipt
  readonly unread: Count
  readonly unreadMentions: Count
  /** The member has marked the chat as unread; reading ends that. */
  readonly isMarkedUnread: boolean
  readonly moved: boolean
  /** Members of the chat: decides who receives the receipt. */
  readonly memberCount: Count
  /** As they are now. */
  readonly lowest: LowestMarks
}
