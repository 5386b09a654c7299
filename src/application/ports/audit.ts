import type { Deed } from '../../domain/deed.ts'
import type { ChatId, Instant, UserId } from '../../domain/ids.ts'
import type { Page, Window } from './lists.ts'

export interface DeedPosition {
  readonly at: Instant
  readonly id: string
}

export interface DeedFilter {
  readonly userId?: UserId | undefined
  readonly chatId?: ChatId | undefined
}

/**
 * The audit. A deed is written in the transaction of what it tells: by `Decision.deed` for what happens in a chat, by the last argument of
 * the methods of `People` and `Sessions` for the rest.
 */
export interface Audit {
  /** Writes a deed that changes nothing else, such as reading all of a user's data. One whose id is there already changes nothing. */
  add(deed: Deed): Promise<void>
  /** Returns deeds, newest first. */
  list(filter: DeedFilter, window: Window<DeedPosition>): Promise<Page<Deed, DeedPosition>>
  /** Deletes deeds before this time and returns how many. */
  forget(before: Instant): Promise<number>
}
