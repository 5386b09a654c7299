import type { ChatEvent } from '../../domain/event.ts'
import { isUnanswered } from '../../domain/guard.ts'
import type { ChatId, Count, Seq } from '../../domain/ids.ts'
import { discoverersOf, newcomersOf } from '../../domain/kinds/kinds.ts'
import type { Ports } from '../ports/ports.ts'
import type { Place } from '../ports/views.ts'
import { unwatched } from '../ports/watch.ts'
import { advance, dismiss, drop, type Followed, follow, isFollowed, pass, sit } from './audience.ts'
import type { Gone } from './delivery.ts'
import { type FeedHooks, type Reader, type Seat, type Track, UNPLACED } from './tracks.ts'

/** Events held per chat because they came too early, at most. Further ones are read from the log again. */
const HELD = 256
const PAGE = 200

/**
 * Delivers the events of each chat to its audience: the next event to every reader who is caught up, earlier ones to nobody, later ones
 * once what is missing was read from the log. Whatever the bus loses, repeats or reorders, a seat receives 1, 2, 3 … from where it began.
 */
export interface Feed {
  readonly tracks: ReadonlyMap<ChatId, Track>
  /** Takes a seat in the audience, so that nothing is missed from now on. It receives nothing until it is placed. */
  enter(reader: Reader, chatId: ChatId): Seat
  /**
   * Places a seat and delivers what the log holds above `from`, until it has reached the feed and what the store said. Returns nothing where
   * it has.
   */
  place(seat: Seat, from: Seq, known: { readonly headSeq: Seq; readonly joinedSeq: Seq }): Promise<void> | undefined
  /** What the store said of a chat after a reader had entered. */
  learn(track: Track, known: Pick<Place, 'headSeq' | 'memberSeq' | 'memberCount' | 'guard'>): void
  /** Takes events from a commit or from the bus, in any order, any number of times. */
  receive(chatId: ChatId, events: readonly ChatEvent[]): void
  /** The log has reached this event: reads what is missing. Rejects if the log is unavailable. */
  hint(chatId: ChatId, head: Seq): Promise<void>
  /** Ends a seat. With a reason, its reader receives it. */
  dismiss(seat: Seat, reason?: Gone): void
  /** The chat no longer exists. */
  drop(chatId: ChatId): void
}

type Reading = Followed & Pick<Ports, 'log'>

export function feed({ log, clock, watch }: Pick<Ports, 'log' | 'clock' | 'watch'>, hooks: FeedHooks): Feed {
  const reading: Reading = { tracks: new Map(), hooks, clock, log, watch: { ...unwatched, ...watch } }
  const { tracks } = reading
  return {
    tracks,
    enter: (reader, chatId) =>
      reader.seats.get(chatId) ??
      sit(reader, tracks.get(chatId) ?? follow(reading, chatId, undefined), { position: UNPLACED, joinedSeq: 0 }),
    place: (seat, from, known) => place(reading, seat, { from, ...known }),
    learn(track, { headSeq, memberSeq, memberCount, guard }) {
      if (!isUnanswered(guard)) track.isStrange = false
      if (memberSeq >= track.memberSeq) Object.assign(track, { memberSeq, memberCount })
      if (track.head === undefined) {
        track.head = headSeq
        track.knownFrom = memberSeq
        drain(reading, track)
      } else if (headSeq > track.head) repairSoon(reading, track)
    },
    receive(chatId, events) {
      for (const event of events) take(reading, event)
      const track = tracks.get(chatId)
      if (track?.head !== undefined && heldOf(track) > 0) repairSoon(reading, track)
    },
    async hint(chatId, head) {
      const track = tracks.get(chatId)
      if (!track) return
      const isMissing = () => track.head !== undefined && head > track.head && isFollowed(reading, track)
      // A repair that is under way may have read the log before it came so far.
      if (isMissing()) await track.repair
      if (isMissing()) await repair(reading, track)
    },
    dismiss: (seat, reason) => dismiss(reading, seat, reason),
    drop: (chatId) => drop(reading, chatId),
  }
}

const heldOf = ({ held }: Track): number => held?.size ?? 0

/** The next event advances the track, a later one is held, an earlier one is known. */
function take(reading: Reading, event: ChatEvent): void {
  appear(reading, event)
  const track = reading.tracks.get(event.chatId) ?? begun(reading, event)
  if (!track) return
  if (event.seq === (track.head ?? UNPLACED) + 1) {
    advance(reading, track, event)
    drain(reading, track)
  } else if (event.seq > (track.head ?? 0) && heldOf(track) < HELD) (track.held ??= new Map()).set(event.seq, event)
}

/** Members to whom the chat appears only now read it from where they joined. */
function appear({ hooks }: Reading, event: ChatEvent): void {
  for (const userId of discoverersOf(event))
    for (const reader of hooks.readersOf(userId, event.chatId)) hooks.unseated(reader, event.chatId)
}

/** The track of a chat that no local reader follows yet, if a local reader has become a member by this event. */
function begun(reading: Reading, event: ChatEvent): Track | undefined {
  const { chatId, seq } = event
  const { hooks } = reading
  const joiner = newcomersOf(event).find((userId) => !hooks.readersOf(userId, chatId)[Symbol.iterator]().next().done)
  if (joiner === undefined) return undefined
  const track = follow(reading, chatId, seq - 1)
  track.knownFrom = seq
  if (seq > 1) hooks.unmeasured(track, joiner)
  return track
}

/** Advances a track by the held events that are next. */
function drain(reading: Reading, track: Track): void {
  const { held } = track
  if (track.head === undefined || !held) return
  for (const seq of held.keys()) if (seq <= track.head) held.delete(seq)
  for (let next = held.get(track.head + 1); next && isFollowed(reading, track); next = held.get(track.head + 1)) {
    held.delete(next.seq)
    advance(reading, track, next)
  }
  if (held.size === 0) track.held = undefined
}

/** A log has no holes: after a page, the position is its last event or a later one. */
function requireProgress(page: readonly ChatEvent[], position: Seq): void {
  const last = page.at(-1)
  if (last && position < last.seq) throw new Error('defect: the log has a hole')
}

/** Reads the log from the head of a track until nothing is missing. One at a time for each track. */
function repair(reading: Reading, track: Track): Promise<void> {
  track.repair ??= watched(reading, track).finally(() => {
    track.repair = undefined
  })
  return track.repair
}

async function watched(reading: Reading, track: Track): Promise<void> {
  const { onRepaired } = reading.watch
  try {
    const count = await readMissing(reading, track)
    onRepaired(count > 0 ? 'repaired' : 'needless', count)
  } catch (error) {
    onRepaired('failed', 0)
    reading.hooks.failed()
    throw error
  }
}

/** Returns how many events were missing. */
async function readMissing(reading: Reading, track: Track): Promise<Count> {
  let count = 0
  for (let isMore = true; isMore && isFollowed(reading, track); ) {
    const page = await reading.log.read(track.chatId, track.head!, PAGE)
    for (const event of page) {
      if (event.seq !== track.head! + 1 || !isFollowed(reading, track)) continue
      advance(reading, track, event)
      count++
    }
    if (!isFollowed(reading, track)) return count
    requireProgress(page, track.head!)
    drain(reading, track)
    isMore = page.length > 0 && (page.length === PAGE || heldOf(track) > 0)
  }
  track.held = undefined
  return count
}

/** Nobody waits for it. If it fails, the next poll tries again and reports it. */
const repairSoon = (reading: Reading, track: Track) => void repair(reading, track).catch(() => undefined)

interface Placing {
  readonly from: Seq
  readonly headSeq: Seq
  readonly joinedSeq: Seq
}

function place(reading: Reading, seat: Seat, { from, headSeq, joinedSeq }: Placing): Promise<void> | undefined {
  seat.position = from
  seat.joinedSeq = joinedSeq
  return hasReached(seat, headSeq) ? undefined : bring(reading, seat, headSeq)
}

const hasReached = ({ track, position }: Seat, headSeq: Seq): boolean =>
  track.head !== undefined && position >= Math.max(track.head, headSeq)

async function bring(reading: Reading, seat: Seat, headSeq: Seq): Promise<void> {
  const { track } = seat
  for (let isMore = true; isMore && track.seats.has(seat) && !hasReached(seat, headSeq); ) {
    const page = await reading.log.read(track.chatId, seat.position, PAGE)
    for (const event of page) if (event.seq === seat.position + 1 && track.seats.has(seat)) pass(reading, seat, { type: 'event', event })
    if (track.seats.has(seat)) requireProgress(page, seat.position)
    isMore = page.length > 0
  }
}
