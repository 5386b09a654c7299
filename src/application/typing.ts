import type { ChatEvent } from '../domain/event.ts'
import { leaverOf } from '../domain/event.ts'
import type { ChatId, Millis, Seq, UserId } from '../domain/ids.ts'
import type { Track } from './feed.ts'

/** For how long somebody is typing who does not say so again. */
export const TYPING_FOR: Millis = 6_000
/** In larger chats nobody is told. */
export const TYPING_MEMBERS = 200

/** Who is typing where: kept nowhere else, told to whom the chat is on screen, and the first thing to be dropped. */
export interface Typing {
  set(track: Track, userId: UserId, until: Millis | undefined, asOf: Seq): void
  in(chatId: ChatId): readonly UserId[]
  /** Somebody whose message or removal is passing types no more. */
  passing(track: Track, event: ChatEvent): void
  /** Forgets who has not said so for too long. */
  sweep(now: Millis): void
  forget(track: Track): void
}

export function typing(): Typing {
  const typers = new Map<Track, Map<UserId, Millis>>()

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

  return {
    set(track, userId, until, asOf) {
      if (track.memberCount > TYPING_MEMBERS || track.head === undefined || track.head < asOf) return
      if (until === undefined) return stop(track, userId, asOf)
      const here = typers.get(track) ?? new Map<UserId, Millis>()
      const isNew = !here.has(userId)
      typers.set(track, here.set(userId, until))
      if (isNew) tell(track, asOf)
    },
    in(chatId) {
      for (const [track, here] of typers) if (track.chatId === chatId) return [...here.keys()]
      return []
    },
    passing(track, event) {
      const done = event.type === 'message.sent' ? event.message.sender.id : leaverOf(event)
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
