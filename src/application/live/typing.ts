import type { ChatEvent } from '../../domain/event.ts'
import type { ChatId, Duration, Instant, Seq, UserId } from '../../domain/ids.ts'
import { kindOf, leaverOf } from '../../domain/kinds/kinds.ts'
import type { Circles } from './circles.ts'
import { isPlaced, type Seat, type Track } from './tracks.ts'

/** How long a user counts as typing without repeating it. */
export const TYPING_FOR: Duration = 6_000
/** In larger chats typing is not sent. */
export const TYPING_MEMBERS = 200
const SENT_A_SECOND = 10

interface TypingNews {
  readonly userId: UserId
  readonly isActive: boolean
  readonly asOf: Seq
  readonly now: Instant
}

/** Who is typing where: transient, sent to readers who have the chat on screen, and the first thing to be dropped. */
export interface Typing {
  /** A local user types, or has stopped. False where others are not to know: in a large chat, or too often. */
  send(seat: Seat, isActive: boolean, now: Instant): boolean
  /** A user types, or has stopped, as of a `memberSeq`. */
  receive(track: Track, news: TypingNews): void
  in(chatId: ChatId): readonly UserId[]
  /** The sender of a message and a user who leaves type no more. */
  passing(track: Track, event: ChatEvent): void
  /** Forgets users who have not repeated it for too long. */
  sweep(now: Instant): void
  forget(track: Track): void
}

export function liveTyping({ areTogether }: Pick<Circles, 'areTogether'>): Typing {
  const typers = new Map<Track, Map<UserId, Instant>>()
  /** Who types, as a reader was told last. */
  const told = new WeakMap<Seat, readonly UserId[]>()
  const sent = new WeakMap<Seat, { readonly since: Instant; times: number }>()

  function isTooOften(seat: Seat, now: Instant): boolean {
    const known = sent.get(seat)
    const recent = known && now - known.since < 1_000 ? known : { since: now, times: 0 }
    sent.set(seat, recent)
    return ++recent.times > SENT_A_SECOND
  }

  /** Nothing, not even an unchanged list, comes of a user whom the reader is apart from, unless it takes back what the reader was told. */
  function deliver(track: Track, userId: UserId, asOf: Seq): void {
    const userIds = [...(typers.get(track)?.keys() ?? [])]
    const toOthers = { type: 'typing', chatId: track.chatId, userIds } as const
    const isHeard = (me: UserId, other: UserId) => other !== me && areTogether(me, other)
    for (const seat of track.seats) {
      if (!seat.isOnScreen || seat.isMuted || seat.position < asOf || !isPlaced(seat)) continue
      const me = seat.reader.userId
      if (me !== userId && !areTogether(me, userId) && !told.get(seat)?.includes(userId)) continue
      const heard = userIds.filter((other) => isHeard(me, other))
      told.set(seat, heard)
      seat.reader.deliver(heard.length === userIds.length ? toOthers : { ...toOthers, userIds: heard })
    }
  }

  function stop(track: Track, userId: UserId, asOf: Seq): void {
    const here = typers.get(track)
    if (!here?.delete(userId)) return
    if (here.size === 0) typers.delete(track)
    deliver(track, userId, asOf)
  }

  function receive(track: Track, { userId, isActive, asOf, now }: TypingNews): void {
    if (track.memberCount > TYPING_MEMBERS || track.head === undefined || track.head < asOf) return
    if (!isActive) return stop(track, userId, asOf)
    const here = typers.get(track) ?? new Map<UserId, Instant>()
    const isNew = !here.has(userId)
    typers.set(track, here.set(userId, now + TYPING_FOR))
    if (isNew) deliver(track, userId, asOf)
  }

  return {
    send(seat, isActive, now) {
      const { track, reader } = seat
      if (track.memberCount > TYPING_MEMBERS || isTooOften(seat, now)) return false
      receive(track, { userId: reader.userId, isActive, asOf: track.memberSeq, now })
      return true
    },
    receive,
    in(chatId) {
      for (const [track, here] of typers) if (track.chatId === chatId) return [...here.keys()]
      return []
    },
    passing(track, event) {
      const done = kindOf(event).endsTyping ? event.actorId : leaverOf(event)
      // It is told before the event, to readers who have all that was before it.
      if (done !== undefined) stop(track, done, Math.min(track.memberSeq, event.seq - 1))
    },
    sweep(now) {
      for (const [track, here] of typers) for (const [userId, until] of here) if (until <= now) stop(track, userId, track.memberSeq)
    },
    forget(track) {
      typers.delete(track)
    },
  }
}
