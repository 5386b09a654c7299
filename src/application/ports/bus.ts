import type { ChatEvent } from '../../domain/event.ts'
import type { ChatId, Count, Instant, Seq, SessionId, UserId } from '../../domain/ids.ts'
import type { LowestMarks, Receipt } from '../../domain/receipt.ts'

export type Topic = `chat:${string}` | `user:${string}`
export const chatTopic = (id: ChatId): Topic => `chat:${id}`
export const userTopic = (id: UserId): Topic => `user:${id}`

/** What processes tell each other. All of it is a courtesy. */
export type Notice =
  | { readonly type: 'events'; readonly chatId: ChatId; readonly events: readonly ChatEvent[] }
  /** Something happened up to `head`, too large to carry. */
  | { readonly type: 'head'; readonly chatId: ChatId; readonly head: Seq }
  | {
      readonly type: 'receipt'
      readonly receipt: Receipt
      readonly unread: Count
      readonly memberCount: Count
      readonly lowest: LowestMarks
    }
  | { readonly type: 'typing'; readonly chatId: ChatId; readonly userId: UserId; readonly active: boolean; readonly asOf: Seq }
  /** Everybody of this chat who is connected to that process. Of two answers of one process the higher `no` is the later. */
  | { readonly type: 'presence'; readonly chatId: ChatId; readonly node: string; readonly no: number; readonly userIds: readonly UserId[] }
  /** Who of this chat is connected elsewhere: somebody has it on a screen. */
  | { readonly type: 'who-is-there'; readonly chatId: ChatId }
  | { readonly type: 'sessions-ended'; readonly userId: UserId; readonly sessionIds: readonly SessionId[]; readonly deleted: boolean }
  /** A connection of that device was opened elsewhere at `at`: older ones are over. */
  | { readonly type: 'replaced'; readonly userId: UserId; readonly deviceId: string; readonly node: string; readonly at: Instant }
  /** This person has become a member of a chat, by the event with this `seq`. */
  | { readonly type: 'joined'; readonly chatId: ChatId; readonly userId: UserId; readonly seq: Seq }

export interface Told {
  readonly topic: Topic
  readonly notice: Notice
}

/**
 * Carries notices between processes as a courtesy: it may lose, repeat and reorder them, and tells nobody when it does.
 * Nothing that is promised rests on it.
 */
export interface Bus {
  /** Sends to the other processes that follow a topic. Never throws, never waits, and drops when too much is under way. */
  publish(told: readonly Told[]): void
  /** Calls the one listener with what others publish on followed topics. */
  listen(listener: (topic: Topic, notice: Notice) => void): void
  follow(topics: readonly Topic[]): void
  unfollow(topics: readonly Topic[]): void
  close(): Promise<void>
}
