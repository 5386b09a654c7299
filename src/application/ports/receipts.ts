import type { ChatId, Count, Instant, Seq, UserId } from '../../domain/ids.ts'
import type { LowestMarks, Receipt } from '../../domain/receipt.ts'

/** How far everybody has read. Marks are written without the chat's lock and only grow. */
export interface Receipts {
  /**
   * Moves a member's mark up to `to` (above the head: to the head), never back, and answers where it now stands; `moved` tells whether
   * this call moved it. Undefined for who is no member.
   */
  advance(mark: { readonly chatId: ChatId; readonly userId: UserId; readonly to: Seq; readonly at: Instant }): Promise<Marked | undefined>
  /** Takes a private chat off a member's list until its next message. */
  hide(chatId: ChatId, userId: UserId): Promise<void>
  /** Marks of these chats that moved after `since` (a time of this store's own marks), each member's latest. */
  since(chatIds: readonly ChatId[], since: Instant): Promise<readonly Receipt[]>
  /** Who has read least of each of these chats. Of one that is not there: nothing. */
  lowest(chatIds: readonly ChatId[]): Promise<ReadonlyMap<ChatId, LowestMarks>>
}

export interface Marked {
  readonly receipt: Receipt
  readonly unread: Count
  readonly moved: boolean
  /** Members of the chat: decides who is told. */
  readonly memberCount: Count
  /** As they are now. */
  readonly lowest: LowestMarks
}
