import type { ChatEvent } from '../../domain/event.ts'
import type { ChatId, Duration, Seq } from '../../domain/ids.ts'
import type { Consumer, CursorAt } from './consumers.ts'

/** Events of one chat that are delivered at once. */
export interface Range {
  readonly consumer: Consumer
  readonly epoch: string
  readonly chatId: ChatId
  /** The first and the last event. */
  readonly from: Seq
  readonly to: Seq
  /** In order; between them may be others that the consumer has not asked for. */
  readonly events: readonly ChatEvent[]
}

/** The cursor that a sink may move itself, in its own transaction. */
export interface Moving {
  readonly at: CursorAt
  readonly to: Seq
  /** 1 for the first attempt. */
  readonly attempt: number
}

/**
 * How an attempt ended: acknowledged; acknowledged, and the sink has moved the cursor; failed, to be attempted again; failed, and there is
 * no use in trying again; the receiver is gone for good; the store has failed before anything was delivered, which the receiver does not
 * answer for.
 */
export type Outcome = Delivered | Undelivered
export interface Delivered {
  readonly is: 'done' | 'moved'
}
export type Undelivered =
  | { readonly is: 'again'; readonly error: string; readonly asked?: Duration | undefined }
  | { readonly is: 'never' | 'gone' | 'later'; readonly error: string }

export const isDelivered = (outcome: Outcome): outcome is Delivered => outcome.is === 'done' || outcome.is === 'moved'

/** Where a consumer's events go. */
export interface Sink {
  /**
   * Delivers a range. Never rejects. Ends within 15 seconds where it waits for other machines. `moving` is undefined for a range that was
   * given up and is attempted once more: no cursor moves.
   */
  deliver(range: Range, moving: Moving | undefined): Promise<Outcome>
  /** Whether events that fail again and again are given up. */
  readonly givesUp: boolean
}

/** Returns the sink of a consumer; undefined if this process has none. */
export type Sinks = (consumer: Consumer) => Sink | undefined
