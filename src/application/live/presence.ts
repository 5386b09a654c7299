import type { ChatEvent } from '../../domain/event.ts'
import type { Duration, Instant, UserId } from '../../domain/ids.ts'
import { joinersOf, leaverOf } from '../../domain/kinds/kinds.ts'
import { type BusMessage, chatTopic } from '../ports/bus.ts'
import type { Ports } from '../ports/ports.ts'
import { isOnScreen, type Reader, type Track } from './feed.ts'

/** In larger chats nobody is told who is there. */
export const PRESENCE_MEMBERS = 100
/** For how long another process is believed, unless it says so again; and for how long it is told of news when it has asked. */
const BELIEVED_FOR: Duration = 60_000
const ASKED_EVERY: Duration = 20_000
const ASKED_AT_ONCE = 1_000

/** Tells screens who is connected, here or elsewhere. Processes ask each other about the chats that they have on a screen, and about no others. */
export interface ToldPresence {
  /** Who of these members of a chat is connected, for a reader who puts it on the screen. */
  onlineFor(reader: Reader, userIds: readonly UserId[]): readonly UserId[]
  /** Somebody is connected to this process who was not, or has become a member of these chats. */
  came(userId: UserId, tracks: readonly Track[]): void
  /** Somebody is no longer connected to this process; to another one they may be. */
  went(userId: UserId, tracks: readonly Track[]): void
  /** Somebody here has it on a screen. */
  shown(track: Track): void
  /** Another process may have it on a screen: it will ask within a minute, or has not. */
  wanted(track: Track): void
  /** Another process has it on a screen. */
  asked(track: Track): void
  /** Another process has answered. */
  hear(track: Track, answer: Answer): void
  passing(track: Track, event: ChatEvent): void
  /** Asks again about what is on a screen, and forgets who has not answered for too long. To be called every second or so. */
  sweep(): void
  /** This reader hears nothing any longer. */
  closed(reader: Reader): void
  forget(track: Track): void
}

type Answer = Extract<BusMessage, { type: 'presence' }>
/** Who of a chat is connected to one other process. */
interface Elsewhere {
  readonly no: number
  readonly until: Instant
  readonly userIds: Set<UserId>
}

interface Needs extends Pick<Ports, 'bus' | 'clock'> {
  readonly node: string
  readonly isHere: (userId: UserId) => boolean
}

export function toldPresence({ bus, clock, node, isHere }: Needs): ToldPresence {
  /** On a screen here, and when the others were asked. */
  const shown = new Map<Track, Instant>()
  /** On a screen elsewhere, until when. */
  const wanted = new Map<Track, Instant>()
  const elsewhere = new Map<Track, Map<string, Elsewhere>>()
  /** In how many of those answers somebody is. */
  const answered = new Map<UserId, number>()
  /** Which readers were told that somebody is connected, and the other way round. */
  const told = new Map<UserId, Set<Reader>>()
  const knownTo = new WeakMap<Reader, Set<UserId>>()
  let answers = 0

  const isOnline = (userId: UserId) => isHere(userId) || answered.has(userId)
  const isSmall = ({ memberCount }: Track) => memberCount <= PRESENCE_MEMBERS
  function screensOf(tracks: Iterable<Track>): Set<Reader> {
    const readers = new Set<Reader>()
    for (const track of tracks)
      if (isSmall(track)) for (const { reader, isOnScreen, isMuted } of track.seats) if (isOnScreen && !isMuted) readers.add(reader)
    return readers
  }

  function note(userId: UserId, reader: Reader): void {
    told.set(userId, (told.get(userId) ?? new Set()).add(reader))
    knownTo.set(reader, (knownTo.get(reader) ?? new Set()).add(userId))
  }

  function tellCame(userId: UserId, readers: Iterable<Reader>): void {
    for (const reader of readers) {
      if (reader.userId === userId) continue
      note(userId, reader)
      reader.deliver({ type: 'presence', userId, online: true, lastSeenAt: clock() })
    }
  }

  /** Tells all who know the contrary. */
  function tellWent(userId: UserId, lastSeenAt: Instant | undefined): void {
    if (isOnline(userId)) return
    const readers = told.get(userId) ?? []
    told.delete(userId)
    for (const reader of readers) {
      knownTo.get(reader)?.delete(userId)
      reader.deliver({ type: 'presence', userId, online: false, lastSeenAt })
    }
  }

  function ask(tracks: readonly Track[]): void {
    const now = clock()
    for (const track of tracks) shown.set(track, now)
    bus.publish(tracks.map(({ chatId }) => ({ topic: chatTopic(chatId), notice: { type: 'who-is-there', chatId } })))
  }

  function show(track: Track): void {
    if (isSmall(track) && !shown.has(track)) ask([track])
  }

  function answer(tracks: readonly Track[]): void {
    const asked = tracks.filter((track) => wanted.has(track) && isSmall(track))
    bus.publish(
      asked.map(({ chatId, seats }) => {
        const userIds = [...new Set([...seats].map(({ reader }) => reader.userId))].filter(isHere)
        return { topic: chatTopic(chatId), notice: { type: 'presence', chatId, node, no: ++answers, userIds } }
      }),
    )
  }

  function found(userId: UserId, track: Track): void {
    answered.set(userId, (answered.get(userId) ?? 0) + 1)
    tellCame(userId, screensOf([track]))
  }

  function lost(userId: UserId, lastSeenAt: Instant | undefined): void {
    const left = (answered.get(userId) ?? 0) - 1
    if (left > 0) answered.set(userId, left)
    else answered.delete(userId)
    tellWent(userId, lastSeenAt)
  }

  /** What is believed of another process from now on. */
  function believe(track: Track, from: string, there: Elsewhere | undefined, lastSeenAt?: Instant): void {
    const nodes = elsewhere.get(track) ?? new Map<string, Elsewhere>()
    const before = nodes.get(from)?.userIds
    if (there) elsewhere.set(track, nodes.set(from, there))
    else if (nodes.delete(from) && nodes.size === 0) elsewhere.delete(track)
    for (const userId of there?.userIds ?? []) if (!before?.has(userId)) found(userId, track)
    for (const userId of before ?? []) if (!there?.userIds.has(userId)) lost(userId, lastSeenAt)
  }

  function came(userId: UserId, tracks: readonly Track[]): void {
    tellCame(userId, screensOf(tracks))
    answer(tracks)
  }

  const want = (track: Track) => void wanted.set(track, clock() + BELIEVED_FOR)

  function off(track: Track): void {
    shown.delete(track)
    for (const from of elsewhere.get(track)?.keys() ?? []) believe(track, from, undefined)
  }

  return {
    onlineFor(reader, userIds) {
      const online = userIds.filter(isOnline)
      for (const userId of online) if (userId !== reader.userId) note(userId, reader)
      return online
    },
    came,
    went(userId, tracks) {
      tellWent(userId, clock())
      answer(tracks)
    },
    shown: show,
    wanted: want,
    asked(track) {
      want(track)
      answer([track])
    },
    hear(track, { node: from, no, userIds }) {
      if (!shown.has(track) || !isSmall(track) || (elsewhere.get(track)?.get(from)?.no ?? 0) >= no) return
      const now = clock()
      believe(track, from, { no, until: now + BELIEVED_FOR, userIds: new Set(userIds) }, now)
    },
    passing(track, event) {
      const leaver = leaverOf(event)
      if (leaver !== undefined)
        for (const { userIds } of elsewhere.get(track)?.values() ?? []) if (userIds.delete(leaver)) lost(leaver, undefined)
      const joiners = joinersOf(event)
      for (const joiner of joiners) if (isHere(joiner)) came(joiner, [track])
      if (joiners.length > 0 && isOnScreen(track)) show(track)
    },
    sweep() {
      const now = clock()
      for (const [track, until] of wanted) if (until <= now) wanted.delete(track)
      for (const [track, nodes] of elsewhere) for (const [from, { until }] of nodes) if (until <= now) believe(track, from, undefined)
      for (const track of shown.keys()) if (!isOnScreen(track)) off(track)
      const due = [...shown].filter(([, askedAt]) => now - askedAt >= ASKED_EVERY).map(([track]) => track)
      if (due.length > 0) ask(due.slice(0, ASKED_AT_ONCE))
    },
    closed(reader) {
      for (const userId of knownTo.get(reader) ?? []) {
        const readers = told.get(userId)
        if (readers?.delete(reader) && readers.size === 0) told.delete(userId)
      }
    },
    forget(track) {
      wanted.delete(track)
      off(track)
    },
  }
}
