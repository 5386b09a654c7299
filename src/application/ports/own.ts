import type { ChatId, Instant, Seq, UserId } from '../../domain/ids.ts'
import type { MyChat } from './views.ts'

/** What changes. `hide` takes a private chat off the list; a group is not hidden. */
export interface OwnChange {
  readonly pinned?: boolean | undefined
  readonly archived?: boolean | undefined
  readonly markedUnread?: boolean | undefined
  readonly hide?: true | undefined
}

/** A user's own state of a chat, as of `at`: of two, the one with the higher `at` is later. `head` is the chat's `seq` when it was read. */
export interface Owned {
  readonly userId: UserId
  readonly chatId: ChatId
  readonly me: MyChat
  readonly at: Instant
  readonly head: Seq
}

/** Each member's own state of each chat. It is written without the chat's lock. */
export interface OwnStates {
  /**
   * Changes a member's own state, all of it or nothing; `moved` is whether it differs now. Returns `pins-full` if the user would have more
   * than `PINS_LIMIT` pinned chats, however many ask at once; undefined for users who are not members.
   */
  change(
    member: { readonly chatId: ChatId; readonly userId: UserId; readonly at: Instant },
    change: OwnChange,
  ): Promise<(Owned & { readonly moved: boolean }) | 'pins-full' | undefined>
  /** Lets a private chat without a message appear to a member who has not opened it before. Returns whether it has not. */
  show(member: { readonly chatId: ChatId; readonly userId: UserId; readonly at: Instant }): Promise<boolean>
  get(chatId: ChatId, userId: UserId): Promise<Owned | undefined>
  /** Returns the states of these users that were changed at or after `since`. One statement. */
  since(userIds: readonly UserId[], since: Instant): Promise<readonly Owned[]>
}
