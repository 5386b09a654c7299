import type { ChatId, Count, Duration, Instant, Seq, UserId } from '../../domain/ids.ts'
import type { Frozen, Position } from '../ports/consumers.ts'

/** What a process knows of a consumer in one chat, for as long as it holds the lease. */
export interface Place {
  readonly chatId: ChatId
  /** The last event that was delivered, skipped or given up; undefined until it is known. */
  seq: Seq | undefined
  /** What the store has; undefined: no cursor of this generation. */
  stored: Seq | undefined
  frozen: Frozen | undefined
  attempts: number
  counted: number
  /** The highest event that is known. */
  head: Seq
  deleted: { readonly by: UserId; readonly at: Instant } | undefined
  /** How many deliveries of the consumer had succeeded at the last attempt. */
  successes: number
  /** Nothing is attempted before. */
  dueAt: Duration
  /** When the first attempt failed since the last success. */
  failedAt: Duration | undefined
  /** Until when an event is too young. */
  young: { readonly seq: Seq; readonly until: Duration } | undefined
}

/** Chats known to be behind, at most: further ones are found by the sweep. As many are remembered as up to date. */
export const KNOWN = 10_000

/** The chats of one consumer. */
export interface Places {
  /** Announced, and not looked up yet. */
  readonly unread: Set<Place>
  /** Something can be done for them now. */
  readonly ready: Set<Place>
  /** Wait for their time. */
  readonly resting: Set<Place>
  /** The log of a chat has reached this event. Returns false if there is no room. */
  heard(chatId: ChatId, head: Seq): boolean
  /** The store was asked. What is known already stays. Returns false if there is no room. */
  found(position: Position, now: Duration): boolean
  /** Takes a place out of all sets, before something is done for it. */
  take(place: Place): void
  rest(place: Place): void
  enqueue(place: Place): void
  /** Makes those ready whose time has come; with `isForAll`, all. */
  wake(now: Duration, isForAll?: boolean): void
  /** The consumer is up to date there. */
  level(place: Place): void
  /** The store does not know it. */
  drop(place: Place): void
  /** The store has another cursor than was thought: it is looked up again. */
  forget(place: Place): void
  isCurrent(place: Place): boolean
  /** Those that skipped events without storing it. */
  skipped(): readonly Place[]
  waiting(): Count
  readonly size: number
}

const blank = (chatId: ChatId, head: Seq): Place => ({
  chatId,
  head,
  seq: undefined,
  stored: undefined,
  frozen: undefined,
  attempts: 0,
  counted: 0,
  successes: 0,
  deleted: undefined,
  dueAt: 0,
  failedAt: undefined,
  young: undefined,
})

export function places(known = KNOWN): Places {
  const all = new Map<ChatId, Place>()
  /** Up to date; the one that was used least recently comes first. */
  const past = new Map<ChatId, Place>()
  const [unread, ready, resting] = [new Set<Place>(), new Set<Place>(), new Set<Place>()]

  function begin(place: Place, to: Set<Place>): boolean {
    if (all.size >= known) return false
    past.delete(place.chatId)
    all.set(place.chatId, place)
    to.add(place)
    return true
  }

  function take(place: Place): void {
    for (const set of [unread, ready, resting]) set.delete(place)
  }

  const isCurrent = (place: Place) => all.get(place.chatId) === place

  function end(place: Place): void {
    take(place)
    all.delete(place.chatId)
  }

  return {
    unread,
    ready,
    resting,
    take,
    isCurrent,
    drop: end,
    heard(chatId, head) {
      const place = all.get(chatId) ?? past.get(chatId)
      if (!place) return begin(blank(chatId, head), unread)
      place.head = Math.max(place.head, head)
      return all.has(chatId) || place.head <= place.seq! || begin(place, ready)
    },
    found(position, now) {
      const place = all.get(position.chatId) ?? past.get(position.chatId) ?? blank(position.chatId, 0)
      learn(place, position)
      const isKnown = all.has(place.chatId) && !unread.has(place)
      if (isKnown || (past.has(place.chatId) && place.head <= place.seq!)) return true
      if (!past.has(place.chatId)) read(place, position, now)
      return unread.delete(place) ? ready.add(place).has(place) : begin(place, ready)
    },
    rest: (place) => void resting.add(place),
    enqueue: (place) => void ready.add(place),
    wake(now, isForAll = false) {
      for (const place of resting) if ((isForAll || place.dueAt <= now) && resting.delete(place)) ready.add(place)
    },
    level(place) {
      end(place)
      if (past.size >= known) past.delete(past.keys().next().value!)
      past.set(place.chatId, place)
    },
    forget(place) {
      if (!isCurrent(place)) return
      end(place)
      begin(blank(place.chatId, 0), unread)
    },
    skipped: () => [...all.values(), ...past.values()].filter(({ seq, stored }) => seq !== undefined && seq !== stored),
    waiting: () => waitingIn(all.values()),
    get size() {
      return all.size
    },
  }
}

function waitingIn(some: Iterable<Place>): Count {
  let count = 0
  for (const { head, seq } of some) count += Math.max(0, head - (seq ?? head))
  return count
}

function learn(place: Place, { head, headAt, deletedBy }: Position): void {
  place.head = Math.max(place.head, head)
  if (deletedBy) place.deleted = { by: deletedBy, at: headAt }
}

function read(place: Place, { cursor }: Position, now: Duration): void {
  place.seq = place.stored = cursor?.seq
  place.frozen = cursor?.frozen
  place.attempts = cursor?.attempts ?? 0
  place.counted = cursor?.counted ?? 0
  place.dueAt = now + (cursor?.dueIn ?? 0)
  if (place.attempts > 0) place.failedAt = now
}
