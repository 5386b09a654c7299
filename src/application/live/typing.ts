import type { ChatEvent } from '../../domain/event.ts'
import type { ChatId, Duration, Instant, Seq, UserId } from '../../domain/ids.ts'
import { kindOf, leaverOf } from '../../domain/kinds/kinds.ts'
import type { Seat, Track } from './feed.ts'

/** For how long somebody is typing who does not say so again. */
export const TYPING_FOR: Duration = 6_000
/** In larger chats nobody is told. */
export const TYPING_MEMBERS = 200
const SAID_A_SECOND = 10

/** Who is typing where: kept nowhere else, told to whom the chat is on screen, and the first thing to be dropped. */
export interface Typing {
  /** Somebody here says so. False when that is nobody's news: in a large chat, or too often. */
  say(seat: Seat, isActive: boolean, now: Instant): boolean
  hear(track: Track, userId: UserId, isActive: boolean, asOf: Seq, now: Instant): void
  in(chatId: ChatId): readonly UserId[]
  /** Somebody whose message or removal is passing types no more. */
  passing(track: Track, event: ChatEvent): void
  /** Forgets who has not said so for too long. */
  sweep(now: Instant): void
  forget(track: Track): void
}

export function typing(): Typing {
  const typers = new Map<Track, Map<UserId, Instant>>()
  const spoken = new WeakMap<Seat, { readonly since: Instant; times: number }>()

  function isTooOften(seat: Seat, now: Instant): boolean {
    const known = spoken.get(seat)
    const recent = known && now - known.since < 1_000 ? known : { since: now, times: 0 }
    spoken.set(seat, recent)
    return ++recent.times > SAID_A_SECOND
  }

  function tell(track: Track, asOf: Seq): void {
    const userIds = [...(typers.get(track)?.keys() ?? [])]
    const toOthers = { type: 'typing', chatId: track.chatId, userIds } as const
    for (const seat of track.seats) {
      if (!seat.isOnScreen || seat.isMuted || seat.position < asOf || !Number.isFinite(seat.position)) continue
      const me = seat.reader.userId
      seat.reader.deliver(userIds.includes(me) ? { ...toOthers, userIds: userIds.filter((userId) => userId !== me) } : toOthers)
    }
  }

  function stop(track: Track, userId: UserId, asOf: Seq): void {
    const here = typers.get(track)
    if (!here?.delete(userId)) return
    if (here.size === 0) typers.delete(track)
    tell(track, asOf)
  }

  function hear(track: Track, userId: UserId, isActive: boolean, asOf: Seq, now: Instant): void {
    if (track.memberCount > TYPING_MEMBERS || track.head === undefined || track.head < asOf) return
    if (!isActive) return stop(track, userId, asOf)
    const here = typers.get(track) ?? new Map<UserId, Instant>()
    const isNew = !here.has(userId)
    typers.set(track, here.set(userId, now + TYPING_FOR))
    if (isNew) tell(track, asOf)
  }

  return {
    say(seat, isActive, now) {
      const { track, reader } = seat
      if (track.memberCount > TYPING_MEMBERS || isTooOften(seat, now)) return false
      hear(track, reader.userId, isActive, track.memberSeq, now)
      return true
    },
    hear,
    in(chatId) {
      for (const [track, here] of typers) if (track.chatId === chatId) return [...here.keys()]
      return []
    },
    passing(track, event) {
      const done = kindOf(event).endsTyping ? event.actorId : leaverOf(event)
      if (done !== undefined) stop(track, done, track.memberSeq)
    },
    sweep(now) {
      for (const [track, here] of typers) for (const [userId, until] of here) if (until <= now) stop(track, userId, track.memberSeq)
    },
    forget(track) {
      typers.delete(track)
    },
  }
}
