import type { Marked } from '../../../application/ports/receipts.ts'
import type { ChatId, Instant, Seq, UserId } from '../../../domain/ids.ts'
import type { Store, Waiting } from '../lane/lane.ts'

export interface Advance {
  readonly mark: { readonly chatId: ChatId; readonly userId: UserId; readonly to: Seq; readonly at: Instant }
}

export type AdvanceCall = Advance & Waiting

/** What one reader asks for in a batch, however often: the highest counts, and is the one that moves the mark. */
export interface Merged {
  readonly mark: Advance['mark']
  readonly index: number
}

/** Moves the marks of a batch, in the order of chat and reader; answers in the same order. */
export interface Marks extends Pick<Store<AdvanceCall>, 'trouble' | 'abort' | 'close'> {
  advance(marks: readonly Advance['mark'][]): Promise<readonly (Marked | undefined)[]>
}
