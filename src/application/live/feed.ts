import type { ChatEvent } from '../../domain/event.ts'
import type { ChatId, Count, Instant, Seq, UserId } from '../../domain/ids.ts'
import { changesMembers, joinersOf, kindOf, leaverOf } from '../../domain/kinds/kinds.ts'
import type { Ports } from '../ports/ports.ts'
import type { Delivery, Gone } from './delivery.ts'

/** Events of one chat that came too early, at most. More are read from the log again. */
const HELD = 256
const PAGE = 200
/** A viewer who is not placed yet is handed nothing: no event comes after this one. */
export const UNPLACED: Seq = Number.POSITIVE_INFINITY

/** Whoever reads here: one socket, or one test. */
export interface Reader {
  readonly userId: UserId
  /** Takes what is to be shown next. Never throws, never waits. One object is handed to all who get the same. */
  deliver(delivery: Delivery): void
  /** Chats that are on its screen, also before it has a seat in them. */
  readonly onScreen: Set<ChatId> | undefined
  /** One that is empty may be shared with others: the first seat brings one of the reader's own. */
  seats: Map<ChatId, Seat>
}

/** A reader's place in the audience of a chat. */
export interface Seat {
  readonly reader: Reader
  readonly track: Track
  /** The last event handed over. */
  position: Seq
  /** By which event the reader is a member: a removal before it is history, one after it is the end. */
  joinedSeq: Seq
  isOnScreen: boolean
  isMuted: boolean
}

/** A chat that somebody here follows. */
export interface Track {
  readonly chatId: ChatId
  readonly seats: Set<Seat>
  /** The last event handed to those who are level with the feed; undefined until it was read. */
  head: Seq | undefined
  changedAt: Instant
  memberSeq: Seq
  memberCount: Count
  /** Came too early. */
  held: Map<Seq, ChatEvent> | undefined
  repair: Promise<void> | undefined
}

/** Does anybody here show it. */
export function isOnScreen({ seats }: Track): boolean {
  for (const seat of seats) if (seat.isOnScreen) return true
  return false
}

export interface FeedHooks {
  /** Readers of this person that are to be seated, now that this chat becomes theirs. */
  readersOf(userId: UserId, chatId: ChatId): Iterable<Reader>
  /** Somebody's seat has ended by a removal that others had passed already: since then they may have become a member again. */
  outdated(reader: Reader, chatId: ChatId): void
  /** Followed because of somebody who has joined: nobody has read yet how large it is. */
  unmeasured(track: Track, userId: UserId): void
  /** Called for every event of a followed chat, once, in order, before it is handed over. */
  passing(track: Track, event: ChatEvent): void
  followed(track: Track): void
  unfollowed(track: Track): void
}

/**
 * Hands the events of each chat to its audience: the next number to everybody who is level, older ones to nobody, later ones when what is
 * missing was read from the log. Whatever the bus loses, repeats or reorders, a seat is handed 1, 2, 3 … from where it began.
 */
export interface Feed {
  readonly tracks: ReadonlyMap<ChatId, Track>
  /** Takes a place in the audience, so that nothing from now on is missed; it is handed nothing until it is placed. */
  enter(reader: Reader, chatId: ChatId): Seat
  /** Places a seat and hands it what the log holds above `from`, until it is level with the feed and with what the store said. */
  place(seat: Seat, from: Seq, known: { readonly headSeq: Seq; readonly joinedSeq: Seq }): Promise<void>
  /** What the store said of a chat after somebody had entered. */
  learn(track: Track, known: { readonly headSeq: Seq; readonly memberSeq: Seq; readonly memberCount: Count }): void
  /** Takes events from a commit or from the bus, in any order, as often as they come. */
  hear(chatId: ChatId, events: readonly ChatEvent[]): void
  /** Something has happened up to here: reads what is missing. Rejects when it cannot be read. */
  hint(chatId: ChatId, head: Seq): Promise<void>
  /** Ends a seat; with a reason, its reader is told. */
  dismiss(seat: Seat, reason?: Gone): void
  /** The chat is no more. */
  drop(chatId: ChatId): void
}

/** A log has no holes: whoever has read a page stands at its end or beyond. */
function requireProgress(page: readonly ChatEvent[], position: Seq): void {
  const last = page.at(-1)
  if (last && position < last.seq) throw new Error('defect: the log has a hole')
}

export function feed({ log, clock }: Pick<Ports, 'log' | 'clock'>, hooks: FeedHooks): Feed {
  const tracks = new Map<ChatId, Track>()

  function follow(chatId: ChatId, head: Seq | undefined): Track {
    const track: Track = { chatId, seats: new Set(), head, changedAt: 0, memberSeq: 0, memberCount: 0, held: undefined, repair: undefined }
    tracks.set(chatId, track)
    hooks.followed(track)
    return track
  }

  function sit(reader: Reader, track: Track, position: Seq, joinedSeq: Seq): Seat {
    const seat: Seat = { reader, track, position, joinedSeq, isOnScreen: reader.onScreen?.has(track.chatId) ?? false, isMuted: false }
    track.seats.add(seat)
    if (reader.seats.size === 0) reader.seats = new Map()
    reader.seats.set(track.chatId, seat)
    return seat
  }

  function dismiss(seat: Seat, reason?: Gone): void {
    const { track, reader } = seat
    if (!track.seats.delete(seat)) return
    if (reader.seats.get(track.chatId) === seat) reader.seats.delete(track.chatId)
    if (reason) reader.onScreen?.delete(track.chatId)
    if (reason) reader.deliver({ type: 'chat_gone', chatId: track.chatId, reason })
    if (track.seats.size === 0) {
      tracks.delete(track.chatId)
      hooks.unfollowed(track)
    }
  }

  function pass(seat: Seat, delivery: Extract<Delivery, { type: 'event' }>): void {
    const { event } = delivery
    seat.position = event.seq
    const { audience } = kindOf(event)
    if (audience.change === 'leaves' && audience.who(event) === seat.reader.userId && event.seq > seat.joinedSeq) {
      dismiss(seat, audience.how)
      if (seat.track.head !== undefined && seat.track.head > event.seq) hooks.outdated(seat.reader, seat.track.chatId)
    } else if (!seat.isMuted) seat.reader.deliver(delivery)
  }

  function advance(track: Track, event: ChatEvent): void {
    track.head = event.seq
    track.changedAt = clock()
    if (kindOf(event).audience.change === 'ends') return drop(track.chatId)
    if (changesMembers(event) && event.seq > track.memberSeq) {
      track.memberSeq = event.seq
      track.memberCount += joinersOf(event).length - (leaverOf(event) === undefined ? 0 : 1)
    }
    for (const userId of joinersOf(event))
      for (const reader of hooks.readersOf(userId, track.chatId))
        if (!reader.seats.has(track.chatId)) sit(reader, track, event.seq - 1, event.seq)
    hooks.passing(track, event)
    const delivery = { type: 'event', event } as const
    for (const seat of track.seats) if (seat.position === event.seq - 1) pass(seat, delivery)
  }

  function drop(chatId: ChatId): void {
    const track = tracks.get(chatId)
    if (track) for (const seat of track.seats) dismiss(seat, 'deleted')
  }

  const heldOf = ({ held }: Track): number => held?.size ?? 0

  /** The next number advances, a later one is held, an older one is known. */
  function take(event: ChatEvent): void {
    const track = tracks.get(event.chatId) ?? begun(event)
    if (!track) return
    if (event.seq === (track.head ?? UNPLACED) + 1) {
      advance(track, event)
      drain(track)
    } else if (event.seq > (track.head ?? 0) && heldOf(track) < HELD) (track.held ??= new Map()).set(event.seq, event)
  }

  function drain(track: Track): void {
    const { held } = track
    if (track.head === undefined || !held) return
    for (const seq of held.keys()) if (seq <= track.head) held.delete(seq)
    for (let next = held.get(track.head + 1); next && isFollowed(track); next = held.get(track.head + 1)) {
      held.delete(next.seq)
      advance(track, next)
    }
    if (held.size === 0) track.held = undefined
  }

  /** A track that everybody has left is another one when somebody comes back. */
  const isFollowed = (track: Track) => tracks.get(track.chatId) === track

  /** Reads the log from the head on until nothing is missing. */
  function repair(track: Track): Promise<void> {
    const reading = async () => {
      for (let isMore = true; isMore && isFollowed(track); ) {
        const page = await log.read(track.chatId, track.head!, PAGE)
        for (const event of page) if (event.seq === track.head! + 1 && isFollowed(track)) advance(track, event)
        if (!isFollowed(track)) return
        requireProgress(page, track.head!)
        drain(track)
        isMore = page.length > 0 && (page.length === PAGE || heldOf(track) > 0)
      }
      track.held = undefined
    }
    track.repair ??= reading().finally(() => {
      track.repair = undefined
    })
    return track.repair
  }
  /** Nobody waits for it. What fails is tried again, and told, by the next poll. */
  const repairSoon = (track: Track) => void repair(track).catch(() => undefined)

  return {
    tracks,
    enter(reader, chatId) {
      return reader.seats.get(chatId) ?? sit(reader, tracks.get(chatId) ?? follow(chatId, undefined), UNPLACED, 0)
    },
    async place(seat, from, { headSeq, joinedSeq }) {
      const { track } = seat
      seat.position = from
      seat.joinedSeq = joinedSeq
      for (let isMore = true; isMore && track.seats.has(seat); ) {
        if (track.head !== undefined && seat.position >= Math.max(track.head, headSeq)) return
        const page = await log.read(track.chatId, seat.position, PAGE)
        for (const event of page) if (event.seq === seat.position + 1 && track.seats.has(seat)) pass(seat, { type: 'event', event })
        if (track.seats.has(seat)) requireProgress(page, seat.position)
        isMore = page.length > 0
      }
    },
    learn(track, { headSeq, memberSeq, memberCount }) {
      if (memberSeq >= track.memberSeq) Object.assign(track, { memberSeq, memberCount })
      if (track.head === undefined) {
        track.head = headSeq
        drain(track)
      } else if (headSeq > track.head) repairSoon(track)
    },
    hear(chatId, events) {
      for (const event of events) take(event)
      const track = tracks.get(chatId)
      if (track?.head !== undefined && heldOf(track) > 0) repairSoon(track)
    },
    async hint(chatId, head) {
      const track = tracks.get(chatId)
      if (track?.head !== undefined && head > track.head) await repair(track)
    },
    dismiss,
    drop,
  }

  /** A chat that nobody here follows yet and that becomes somebody's by this event. */
  function begun(event: ChatEvent): Track | undefined {
    const { chatId, seq } = event
    const joiner = joinersOf(event).find((userId) => !hooks.readersOf(userId, chatId)[Symbol.iterator]().next().done)
    if (joiner === undefined) return undefined
    const track = follow(chatId, seq - 1)
    if (seq > 1) hooks.unmeasured(track, joiner)
    return track
  }
}
