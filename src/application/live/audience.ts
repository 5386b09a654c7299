import type { ChatEvent } from '../../domain/event.ts'
import type { ChatId, Instant, Seq } from '../../domain/ids.ts'
import { changesMembers, joinersOf, kindOf, leaverOf, newcomersOf } from '../../domain/kinds/kinds.ts'
import type { Watch } from '../ports/watch.ts'
import type { Delivery, Gone } from './delivery.ts'
import { type FeedHooks, isOnScreen, type Reader, type Seat, type Track } from './tracks.ts'

/** The chats that local readers follow, and who is told of changes to them. */
export interface Followed {
  readonly tracks: Map<ChatId, Track>
  readonly hooks: FeedHooks
  readonly clock: () => Instant
  readonly watch: Pick<Watch, 'onHeard' | 'onRepaired'>
}

export function follow({ tracks, hooks }: Followed, chatId: ChatId, head: Seq | undefined): Track {
  const unknown = {
    changedAt: 0,
    markedAt: 0,
    memberSeq: 0,
    knownFrom: 0,
    memberCount: 0,
    isStrange: true,
    held: undefined,
    repair: undefined,
  }
  const track: Track = { chatId, seats: new Set(), head, ...unknown }
  tracks.set(chatId, track)
  hooks.followed(track)
  return track
}

/** A track that all readers have left is not followed; the chat gets another one when a reader comes back. */
export const isFollowed = ({ tracks }: Followed, track: Track): boolean => tracks.get(track.chatId) === track

export function sit(reader: Reader, track: Track, { position, joinedSeq }: Pick<Seat, 'position' | 'joinedSeq'>): Seat {
  const seat: Seat = { reader, track, position, joinedSeq, isOnScreen: reader.onScreen?.has(track.chatId) ?? false, isMuted: false }
  track.seats.add(seat)
  if (reader.seats.size === 0) reader.seats = new Map()
  reader.seats.set(track.chatId, seat)
  reader.digest = undefined
  return seat
}

/** Ends a seat. With a reason, the reader receives it. */
export function dismiss({ tracks, hooks }: Followed, seat: Seat, reason?: Gone): void {
  const { track, reader } = seat
  if (!track.seats.delete(seat)) return
  if (reader.seats.get(track.chatId) === seat && reader.seats.delete(track.chatId)) reader.digest = undefined
  if (reason) reader.onScreen?.delete(track.chatId)
  if (reason) reader.deliver({ type: 'chat_gone', chatId: track.chatId, reason })
  if (track.seats.size === 0) {
    tracks.delete(track.chatId)
    hooks.unfollowed(track)
  }
}

/** Ends all seats of a chat that was deleted. */
export function drop(followed: Followed, chatId: ChatId): void {
  const track = followed.tracks.get(chatId)
  if (track) for (const seat of track.seats) dismiss(followed, seat, 'deleted')
}

/** Delivers the next event of a seat, or ends the seat by it. */
export function pass(followed: Followed, seat: Seat, delivery: Extract<Delivery, { type: 'event' }>): void {
  const { event } = delivery
  const { reader, track } = seat
  seat.position = event.seq
  const { audience } = kindOf(event)
  if (audience.change === 'leaves' && audience.who(event) === reader.userId && event.seq > seat.joinedSeq) {
    dismiss(followed, seat, audience.how)
    if (track.head !== undefined && track.head > event.seq) followed.hooks.unseated(reader, track.chatId)
  } else if (!seat.isMuted) reader.deliver(delivery)
}

/** Moves the head of a track by the next event and delivers it to the readers who are caught up. */
export function advance(followed: Followed, track: Track, event: ChatEvent): void {
  const { hooks, clock, watch } = followed
  track.head = event.seq
  track.changedAt = clock()
  watch.onHeard(Math.max(0, track.changedAt - event.at))
  if (kindOf(event).audience.change === 'ends') return drop(followed, track.chatId)
  if (changesMembers(event) && event.seq > track.memberSeq) {
    track.memberSeq = event.seq
    track.memberCount += joinersOf(event).length - (leaverOf(event) === undefined ? 0 : 1)
  }
  for (const userId of newcomersOf(event))
    for (const reader of hooks.readersOf(userId, track.chatId))
      if (!reader.seats.has(track.chatId)) sit(reader, track, { position: event.seq - 1, joinedSeq: event.seq })
  hooks.passing(track, event)
  if (track.isStrange && kindOf(event).endsTyping && isOnScreen(track))
    for (const { reader } of track.seats) hooks.unmeasured(track, reader.userId)
  const delivery = { type: 'event', event } as const
  for (const seat of track.seats) if (seat.position === event.seq - 1) pass(followed, seat, delivery)
}
