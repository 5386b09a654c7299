import type { ChatState, Decision, Scope } from '../../domain/decision.ts'
import type { ChatEvent } from '../../domain/event.ts'
import type { ChatId, Instant, Seq, UserId } from '../../domain/ids.ts'

/**
 * Receives every commit once, with all its events, in order within each chat. It is called after the commit and before the promises of
 * the committed calls resolve. It must not throw.
 */
export type OnCommit = (events: readonly ChatEvent[]) => void

/** The one place where chats change. Adapters are made with an `OnCommit`. */
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
  eraseTexts(erasure: { readonly chatId: ChatId; readonly userId: UserId; readonly at: Instant }): Promise<number>
}
