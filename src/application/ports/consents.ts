import type { Privacy } from '../../domain/consent.ts'
import type { Person } from '../../domain/identity.ts'
import type { ChatId, Instant, UserId } from '../../domain/ids.ts'
import type { Page, Window } from './lists.ts'

/** By the time of the block, newest first. */
export interface BlockPosition {
  readonly at: Instant
  readonly id: UserId
}

/** A user was blocked, or no longer is. */
export interface Block {
  readonly userId: UserId
  readonly isBlocked: boolean
}

/** From whom a user is apart, and whether anybody may know that the user is there. */
export interface Circle {
  /** Whom the user has blocked. */
  readonly blocked: readonly UserId[]
  /** Who has blocked the user; at most `SHUNNED`. */
  readonly blockedBy: readonly UserId[]
  /** Nobody may know: the user wants it so, or was blocked by too many people to look at. */
  readonly isHidden: boolean
}
/** Of so many people who have blocked a user it is no longer looked at who they are. */
export const SHUNNED = 10_000

/** Whom users let near. */
export interface Consents {
  /**
   * Blocks a user. Once it resolves, nothing that either sends in their private chat is committed, whenever the chat was opened. Blocking
   * again changes nothing. Returns `full` if the user has blocked `BLOCKS_LIMIT` others.
   */
  block(userId: UserId, blockedId: UserId, at: Instant): Promise<'blocked' | 'full'>
  unblock(userId: UserId, blockedId: UserId): Promise<void>
  /** Returns whom a user has blocked, without deleted users. */
  blocked(userId: UserId, window: Window<BlockPosition>): Promise<Page<Person, BlockPosition>>
  privacyOf(userId: UserId): Promise<Privacy>
  setPrivacy(userId: UserId, privacy: Privacy): Promise<void>
  /** Returns the circles of these users, also of those who have set nothing. The number of statements does not grow with the users. */
  circles(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, Circle>>
  /** Whether two users share a group, or have both written in their private chat. */
  areKnown(one: UserId, other: UserId): Promise<boolean>
  /** Notes that a user, who is about to leave a chat or has come back, stays out of it; undefined: no longer. */
  stayOut(userId: UserId, chatId: ChatId, since: Instant | undefined): Promise<void>
}
