import type { ChatEvent } from '../../domain/event.ts'
import type { AccountNotice } from '../../domain/identity.ts'
import type { ChatId, Count, Instant, Seq, SessionId, UserId } from '../../domain/ids.ts'
import type { LowestMarks, Receipt } from '../../domain/receipt.ts'
import type { Block } from './consents.ts'
import type { NoticesChanged } from './notices.ts'
import type { Owned } from './own.ts'

export type Topic = `chat:${string}` | `user:${string}` | 'relay'
export const chatTopic = (id: ChatId): Topic => `chat:${id}`
export const userTopic = (id: UserId): Topic => `user:${id}`
/** Processes that deliver to consumers follow it. */
export const RELAY_TOPIC: Topic = 'relay'

/** What processes send each other, best effort. */
export type BusMessage =
  | { readonly type: 'events'; readonly chatId: ChatId; readonly events: readonly ChatEvent[] }
  /** The chat has events up to `head`, too large to send. */
  | { readonly type: 'head'; readonly chatId: ChatId; readonly head: Seq }
  | {
      readonly type: 'receipt'
      readonly receipt: Receipt
      readonly unread: Count
      readonly unreadMentions: Count
      readonly memberCount: Count
      readonly lowest: LowestMarks
    }
  | { readonly type: 'typing'; readonly chatId: ChatId; readonly userId: UserId; readonly active: boolean; readonly asOf: Seq }
  /** All members of this chat who are connected to that process. Of two such messages of a process, the higher `no` is later. */
  | { readonly type: 'presence'; readonly chatId: ChatId; readonly node: string; readonly no: number; readonly userIds: readonly UserId[] }
  /** Asks other processes which members of this chat are connected to them, because a local reader subscribed to its presence. */
  | { readonly type: 'who-is-there'; readonly chatId: ChatId }
  | { readonly type: 'sessions-ended'; readonly userId: UserId; readonly sessionIds: readonly SessionId[] }
  /** A connection of this device was opened in that process at `at`: it replaces older ones. */
  | { readonly type: 'replaced'; readonly userId: UserId; readonly deviceId: string; readonly node: string; readonly at: Instant }
  /** The own state of a user was changed. */
  | { readonly type: 'own'; readonly owned: Owned }
  /** To the devices of this user, except those of the session that it is about. */
  | { readonly type: 'notice'; readonly userId: UserId; readonly notice: AccountNotice }
  /** A user of this chat is shown otherwise now: by another name or picture. Without a chat: to the user's own devices. */
  | { readonly type: 'profile'; readonly userId: UserId; readonly chatId: ChatId | undefined }
  /** This user has become a member of a chat. */
  | { readonly type: 'joined'; readonly chatId: ChatId; readonly userId: UserId }
  /** A user has changed settings of notifications. */
  | { readonly type: 'notices'; readonly userId: UserId; readonly delivery: NoticesChanged }
  /** Whom this user is apart from, or lets notice them, was changed. */
  | { readonly type: 'circle'; readonly userId: UserId; readonly block: Block | undefined }
  | RelayMessage

/** What processes that have consumers tell each other. */
export type RelayMessage =
  /** The logs of these chats have reached these events. */
  | { readonly type: 'behind'; readonly heads: readonly (readonly [ChatId, Seq])[] }
  /** A consumer was added, changed or deleted. */
  | { readonly type: 'consumers' }

export interface Published {
  readonly topic: Topic
  readonly notice: BusMessage
}

/** Texts that a transaction notifies on a channel of its database, which hands them over at the commit. */
export interface Notification {
  readonly channel: string
  readonly payloads: readonly string[]
}

/**
 * Carries messages between processes, best effort: it may lose, repeat and reorder them without an error.
 * No promise rests on it.
 */
export interface Bus {
  /** Sends to the other processes that follow a topic. Never throws, never waits; drops messages when too many are under way. */
  publish(told: readonly Published[]): void
  /**
   * Returns what a transaction on the bus's own database notifies, so that every process, this one too, receives these messages once it
   * commits, and never if it is rolled back. Absent: no transaction can.
   */
  atCommit?(told: readonly Published[]): Notification
  /** Calls the one listener with what other processes publish on followed topics. */
  listen(listener: (topic: Topic, notice: BusMessage) => void): void
  follow(topics: readonly Topic[]): void
  unfollow(topics: readonly Topic[]): void
  /** Whether other processes can be reached now. Absent: always. */
  isConnected?(): boolean
  close(): Promise<void>
}
