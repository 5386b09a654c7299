import type { ChatEvent } from '../../domain/event.ts'
import type { ChatId, Count, Instant, Seq, UserId } from '../../domain/ids.ts'
import type { Delivery } from './delivery.ts'

/** A seat that is not placed yet receives nothing: no event comes after this one. */
export const UNPLACED: Seq = Number.POSITIVE_INFINITY

/** One connection that reads events. */
export interface Reader {
  readonly userId: UserId
  /** Takes what is to be sent next. Never throws, never waits. All readers who get the same get one object. */
  deliver(delivery: Delivery): void
  /** Chats that it has on screen, also before it has a seat in them. */
  readonly onScreen: Set<ChatId> | undefined
  /** An empty map may be shared between readers: the first seat brings one of the reader's own. */
  seats: Map<ChatId, Seat>
}

/** A reader's place in the audience of a chat. */
export interface Seat {
  readonly reader: Reader
  readonly track: Track
  /** The last event that was delivered. */
  position: Seq
  /** The event that made the reader a member: a removal before it is history, one after it is the end. */
  joinedSeq: Seq
  isOnScreen: boolean
  isMuted: boolean
}

export const isPlaced = ({ position }: Seat): boolean => Number.isFinite(position)

/** What the feed knows of a chat that a local reader follows. */
export interface Track {
  readonly chatId: ChatId
  readonly seats: Set<Seat>
  /** The last event delivered to the readers who are caught up; undefined until it was read. */
  head: Seq | undefined
  changedAt: Instant
  memberSeq: Seq
  memberCount: Count
  /** A private chat in which not both have written, or a chat of which that is not known yet: nobody hears who is there. */
  isStrange: boolean
  /** Events that came too early. */
  held: Map<Seq, ChatEvent> | undefined
  repair: Promise<void> | undefined
}

/** Whether any local reader has the chat on screen. */
export function isOnScreen({ seats }: Track): boolean {
  for (const seat of seats) if (seat.isOnScreen) return true
  return false
}

export interface FeedHooks {
  /** Readers of this user who are to be seated, now that the user is a member of this chat. */
  readersOf(userId: UserId, chatId: ChatId): Iterable<Reader>
  /** A seat has ended by a removal that others had passed already: the reader may have become a member again since. */
  outdated(reader: Reader, chatId: ChatId): void
  /** What this user can see of the chat has to be read: the track began because the user has joined, or both may have written now. */
  unmeasured(track: Track, userId: UserId): void
  /** Called for every event of a followed chat, once, in order, before it is delivered. */
  passing(track: Track, event: ChatEvent): void
  followed(track: Track): void
  unfollowed(track: Track): void
}
