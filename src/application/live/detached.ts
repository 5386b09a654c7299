import type { Count, Duration, Instant, UserId } from '../../domain/ids.ts'
import type { Ports } from '../ports/ports.ts'
import type { Level } from './device.ts'
import type { Feed } from './feed.ts'
import { handOver, isLevel, type Reader, type Seat } from './tracks.ts'

export interface DetachedLimits {
  /** Whoever has fewer chats is read anew as quickly. */
  readonly fromChats: Count
  /** Seats that are kept, of all users. */
  readonly seats: Count
  readonly for: Duration
}
export const DETACHED: DetachedLimits = { fromChats: 200, seats: 50_000, for: 120_000 }

/** Seats that are given up in one turn of the event loop. */
const AT_ONCE = 1_000

/** The seats of a connection that has closed. They go on, and nobody is told anything. */
export interface Kept extends Reader {
  /** Where the connection stood when it closed. */
  readonly level: Level
}

/** A connection that may be kept. */
interface Closing extends Reader {
  readonly level: Level | undefined
}

/**
 * Keeps the seats of closed connections of users with many chats: the next connection of such a user takes them over, and reads only what
 * has moved. No poll looks after them: whoever takes them compares them with the store first.
 */
export interface DetachedSeats {
  /** Takes the seats of a connection that was live. Returns false where they are not worth keeping, or not level. */
  keep(reader: Closing): boolean
  of(userId: UserId): Kept | undefined
  /** Hands all seats to a connection that has none. */
  take(kept: Kept, reader: Reader): void
  /** Gives up those that are too old, and all while messages of other processes are lost. To be called every second or so. */
  sweep(): void
}

/** Whether two readers follow the same chats by the same tracks: what these tell of the time of the one holds for the other. */
function areSame(one: Reader, other: Reader): boolean {
  if (one.seats.size !== other.seats.size) return false
  for (const [chatId, { track }] of one.seats) if (other.seats.get(chatId)?.track !== track) return false
  return true
}

interface Needs extends Pick<Ports, 'bus' | 'clock' | 'later'> {
  readonly feed: Pick<Feed, 'dismiss'>
  readonly levelAt: () => Instant
}

export function detachedSeats({ bus, clock, later, feed, levelAt }: Needs, limits = DETACHED): DetachedSeats {
  /** Those that closed first come first. */
  const all = new Map<UserId, { readonly kept: Kept; readonly until: Instant }>()

  /** In slices: of ten thousand chats each ends a seat, a track and a topic. */
  function giveUp(userId: UserId): void {
    const found = all.get(userId)
    all.delete(userId)
    if (found) dismissSome(found.kept)
  }

  function dismissSome(kept: Kept): void {
    let count = 0
    for (const seat of kept.seats.values()) {
      if (count++ === AT_ONCE) return later(() => dismissSome(kept), 0)
      feed.dismiss(seat)
    }
  }

  function seatsKept(): Count {
    let count = 0
    for (const { kept } of all.values()) count += kept.seats.size
    return count
  }

  return {
    keep(reader) {
      const { userId, level, seats } = reader
      if (!level || seats.size < limits.fromChats || seats.size > limits.seats || !isLevel(seats.values())) return false
      const before = all.get(userId)?.kept
      const from = before && areSame(before, reader) ? Math.min(before.level.from, level.from) : level.from
      giveUp(userId)
      for (const [other] of all) if (seatsKept() + seats.size > limits.seats) giveUp(other)
      const kept: Kept = {
        userId,
        seats: new Map<never, Seat>(),
        digest: undefined,
        onScreen: undefined,
        isDetached: true,
        level: { ...level, at: Math.max(level.at, levelAt()), from },
        deliver() {},
      }
      handOver(reader, kept)
      all.set(userId, { kept, until: clock() + limits.for })
      return true
    },
    of: (userId) => all.get(userId)?.kept,
    take(kept, reader) {
      all.delete(kept.userId)
      handOver(kept, reader)
    },
    sweep() {
      const now = clock()
      const isDeaf = bus.isConnected?.() === false
      for (const [userId, { until }] of all) if (isDeaf || until <= now) giveUp(userId)
    },
  }
}
