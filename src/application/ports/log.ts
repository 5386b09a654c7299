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
   * Passes to `decide` what `scope` names of one chat, locked against other changes, and commits the events that it returns, all or
   * none. Calls may share one transaction; a refusal rolls back its own call alone. Resolves when the events are durable. `decide` is pure
   * and may run again. Refuses with `overloaded`, before any work, if too many calls wait.
   */
  change<R>(scope: Scope, decide: (state: ChatState) => Decision<R>): Promise<R>
  /** Returns events above `after`, ascending, without holes, at most `limit`, with current texts and names. Empty if there is no such chat. */
  read(chatId: ChatId, after: Seq, limit: number): Promise<readonly ChatEvent[]>
  /**
   * Deletes some messages of a user whose deletion has begun, with all that they hold, and some mentions of the user, so that the final
   * change has little left to do; never the latest message. Returns how many it deleted; 0 when the rest is left for the final change.
   */
  eraseTexts(erasure: { readonly chatId: ChatId; readonly userId: UserId; readonly at: Instant }): Promise<number>
  /** Deletes the reactions of such a user, also from the events that tell of them, and those to their deleted messages, piece by piece, without an event. */
  eraseTraces(erasure: { readonly chatId: ChatId; readonly userId: UserId }): Promise<void>
}
