import type { Ban } from '../../domain/ban.ts'
import type { Person } from '../../domain/identity.ts'
import type { ChatId, Instant, UserId } from '../../domain/ids.ts'
import type { Page, Window } from './lists.ts'

/** A ban with whom it concerns. */
export interface BanView extends Ban {
  readonly person: Person
}

export interface BanPosition {
  readonly at: Instant
  readonly userId: UserId
}

/** Reads who is banned. Bans change by events of the log alone. */
export interface Bans {
  /** Returns the bans of a chat that are in force at `now`, newest first. */
  list(chatId: ChatId, now: Instant, window: Window<BanPosition>): Promise<Page<BanView, BanPosition>>
}
