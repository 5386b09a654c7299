import type { ChatEvent } from '../../domain/event.ts'
import type { ChatId, Count, Instant, Seq, UserId } from '../../domain/ids.ts'
import { digestOf } from './as-of.ts'
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
  /** Of `seats`; undefined since one came or went. */
  digest: string | undefined
  /** Whether the connection has closed: its seats wait for the next one of the user. */
  readonly isDetached: boolean
}

/** A reader's place in the audience of a chat. */
export interface Seat {
  reader: Reader
  readonly track: Track
  /** The last event that was delivered. */
  position: Seq
  /** The event that made the reader a member: a removal before it is history, one after it is the end. */
  joinedSeq: Seq
  isOnScreen: boolean
  isMuted: boolean
}

/** Whether a seat is still in the audience: its user may have been removed while something was waited for. */
export const isTaken = (seat: Seat): boolean => seat.track.seats.has(seat)

export const isPlaced = ({ position }: Seat): boolean => Number.isFinite(position)

/** What the feed knows of a chat that a local reader follows. */
export interface Track {
  readonly chatId: ChatId
  readonly seats: Set<Seat>
  /** The last event delivered to the readers who are caught up; undefined until it was read. */
  head: Seq | undefined
  /** When the last event was heard. */
  changedAt: Instant
  /** When the last mark or own state was written that was heard of, or since when nothing before is known. */
  markedAt: Instant
  memberSeq: Seq
  /** The `memberSeq` with which the track began: who has left before it, nobody here knows. */
  knownFrom: Seq
  memberCount: Count
  /** A private chat in which not both have written, or a chat of which that is not known yet: nobody hears who is there. */
  isStrange: boolean
  /** Events that came too early. */
  held: Map<Seq, ChatEvent> | undefined
  repair: Promise<void> | undefined
}

/** Whether these seats have all that is known of their chats. While one is being given some, nobody can say where the reader stands. */
export function isLevel(seats: Iterable<Seat>): boolean {
  for (const { position, track } of seats) if (!Number.isFinite(position) || position < (track.head ?? position)) return false
  return true
}

/** The digest of a reader's chats. */
export const chatsOf = (reader: Reader): string => (reader.digest ??= digestOf(reader.seats.keys()))

/** Whether anything may have moved in a chat since then that was followed all the time. */
export const hasMoved = ({ changedAt, markedAt }: Track, since: Instant): boolean => Math.max(changedAt, markedAt) >= since

/** Notes that something beside the log moved. */
export function mark(track: Track, at: Instant): void {
  track.markedAt = Math.max(track.markedAt, at)
}

/** Hands all seats of a reader to another one, which has none. */
export function handOver(from: Reader, to: Reader): void {
  to.seats = from.seats
  to.digest = from.digest
  from.seats = new Map()
  for (const seat of to.seats.values()) {
    seat.reader = to
    seat.isOnScreen = to.onScreen?.has(seat.track.chatId) ?? false
    seat.isMuted = false
  }
}

/** Whether any connection follows the chat. */
export function isConnected({ seats }: Track): boolean {
  for (const { reader } of seats) if (!reader.isDetached) return true
  return false
}

/** Whether any local reader has the chat on screen. */
export function isOnScreen({ seats }: Track): boolean {
  for (const seat of seats) if (seat.isOnScreen) return true
  return false
}

export interface FeedHooks {
  /** Readers of this user who are to be seated, now that the user is a member of this chat. */
  readersOf(userId: UserId, chatId: ChatId): Iterable<Reader>
  /**
   * A reader may be a member without a seat: one has ended by a removal that others had passed already, and the reader may have become a
   * member again since; or the chat appears to a member only now.
   */
  unseated(reader: Reader, chatId: ChatId): void
  /** What this user can see of the chat has to be read: the track began because the user has joined, or both may have written now. */
  unmeasured(track: Track, userId: UserId): void
  /** Called for every event of a followed chat, once, in order, before it is delivered. */
  passing(track: Track, event: ChatEvent): void
  /** What was missing could not be read: the next poll tries again. */
  failed(): void
  followed(track: Track): void
  unfollowed(track: Track): void
}
