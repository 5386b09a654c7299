import type { ChatEvent } from '../../domain/event.ts'
import type { Duration, Instant, UserId } from '../../domain/ids.ts'
import { joinersOf, leaverOf } from '../../domain/kinds/kinds.ts'
import { type BusMessage, chatTopic } from '../ports/bus.ts'
import type { Ports } from '../ports/ports.ts'
import type { Circles } from './circles.ts'
import { isOnScreen, type Reader, type Track } from './tracks.ts'

/** In larger chats presence is not sent. */
export const PRESENCE_MEMBERS = 100
/** How long the answer of another process holds unless it is repeated, and how long a process that has asked is sent changes. */
const BELIEVED_FOR: Duration = 60_000
const ASKED_EVERY: Duration = 20_000
const ASKED_AT_ONCE = 1_000

/** Sends readers who of a chat on screen is connected, here or to other processes. Processes ask each other about chats on screen only. */
export interface LivePresence {
  /** Returns which of these members of a chat are connected, for a reader who puts it on screen. */
  onlineFor(reader: Reader, userIds: readonly UserId[]): readonly UserId[]
  /** A user has connected to this process, or a connected one has become a member of these chats. */
  came(userId: UserId, tracks: readonly Track[]): void
  /** A user is no longer connected to this process, but may be to another one. */
  went(userId: UserId, tracks: readonly Track[]): void
  /** Whom a user is apart from has changed: takes back what was sent of the user, and to these readers, who are the user's own. */
  reconsider(userId: UserId, readers: Iterable<Reader>): void
  /** A local reader has the chat on screen. */
  shown(track: Track): void
  /** Another process may have the chat on screen: if so, it asks within a minute. */
  wanted(track: Track): void
  /** Another process has the chat on screen. */
  asked(track: Track): void
  /** Another process has answered. */
  receive(track: Track, answer: Answer): void
  passing(track: Track, event: ChatEvent): void
  /** Asks again about chats on screen, and forgets processes that have not answered for too long. To be called every second or so. */
  sweep(): void
  /** The reader's connection is closed. */
  closed(reader: Reader): void
  forget(track: Track): void
}

type Answer = Extract<BusMessage, { type: 'presence' }>
/** The members of a chat who are connected to one other process. */
interface Elsewhere {
  readonly no: number
  readonly until: Instant
  readonly userIds: Set<UserId>
}

interface Needs extends Pick<Ports, 'bus' | 'clock'> {
  readonly node: string
  readonly isHere: (userId: UserId) => boolean
  readonly circles: Pick<Circles, 'areTogether' | 'isNoticeable'>
}

/** Whether presence is sent in a chat at all. */
const isSmall = ({ memberCount, isStrange }: Track): boolean => memberCount <= PRESENCE_MEMBERS && !isStrange

/** Readers who have one of these chats on screen. */
function screensOf(tracks: Iterable<Track>): Set<Reader> {
  const readers = new Set<Reader>()
  for (const track of tracks)
    if (isSmall(track)) for (const { reader, isOnScreen, isMuted } of track.seats) if (isOnScreen && !isMuted) readers.add(reader)
  return readers
}

export function livePresence({ bus, clock, node, isHere, circles }: Needs): LivePresence {
  /** Chats on screen here, and when other processes were asked. */
  const shown = new Map<Track, Instant>()
  /** Chats on screen elsewhere, and until when that holds. */
  const wanted = new Map<Track, Instant>()
  const elsewhere = new Map<Track, Map<string, Elsewhere>>()
  /** The number of those answers that name a user. */
  const answered = new Map<UserId, number>()
  /** Which readers were sent that a user is connected, and the other way round. */
  const sentTo = new Map<UserId, Set<Reader>>()
  const knownTo = new WeakMap<Reader, Set<UserId>>()
  let answers = 0

  const isOnline = (userId: UserId) => isHere(userId) || answered.has(userId)
  /** Another process leaves out users of its own who are not to be noticed. */
  const mayNotice = (reader: Reader, userId: UserId) =>
    circles.areTogether(reader.userId, userId) && (!isHere(userId) || circles.isNoticeable(userId))
  function note(userId: UserId, reader: Reader): void {
    sentTo.set(userId, (sentTo.get(userId) ?? new Set()).add(reader))
    knownTo.set(reader, (knownTo.get(reader) ?? new Set()).add(userId))
  }

  function sendOnline(userId: UserId, readers: Iterable<Reader>): void {
    for (const reader of readers) {
      if (reader.userId === userId || !mayNotice(reader, userId)) continue
      note(userId, reader)
      reader.deliver({ type: 'presence', userId, online: true, lastSeenAt: clock() })
    }
  }

  /** Sends it to all readers who were sent the contrary. */
  function sendOffline(userId: UserId, lastSeenAt: Instant | undefined): void {
    if (isOnline(userId)) return
    const readers = sentTo.get(userId) ?? []
    sentTo.delete(userId)
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
    const asked = tracks.filter((track) => isSmall(track) && wanted.has(track))
    bus.publish(
      asked.map(({ chatId, seats }) => {
        const userIds = [...new Set([...seats].map(({ reader }) => reader.userId))].filter((id) => isHere(id) && circles.isNoticeable(id))
        return { topic: chatTopic(chatId), notice: { type: 'presence', chatId, node, no: ++answers, userIds } }
      }),
    )
  }

  function found(userId: UserId, track: Track): void {
    answered.set(userId, (answered.get(userId) ?? 0) + 1)
    sendOnline(userId, screensOf([track]))
  }

  function lost(userId: UserId, lastSeenAt: Instant | undefined): void {
    const left = (answered.get(userId) ?? 0) - 1
    if (left > 0) answered.set(userId, left)
    else answered.delete(userId)
    sendOffline(userId, lastSeenAt)
  }

  /** Takes over an answer of another process, or forgets it. */
  function believe(track: Track, from: string, there: Elsewhere | undefined, lastSeenAt?: Instant): void {
    const nodes = elsewhere.get(track) ?? new Map<string, Elsewhere>()
    const before = nodes.get(from)?.userIds
    if (there) elsewhere.set(track, nodes.set(from, there))
    else if (nodes.delete(from) && nodes.size === 0) elsewhere.delete(track)
    for (const userId of there?.userIds ?? []) if (!before?.has(userId)) found(userId, track)
    for (const userId of before ?? []) if (!there?.userIds.has(userId)) lost(userId, lastSeenAt)
  }

  function came(userId: UserId, tracks: readonly Track[]): void {
    sendOnline(userId, screensOf(tracks))
    answer(tracks)
  }

  const want = (track: Track) => void wanted.set(track, clock() + BELIEVED_FOR)

  function off(track: Track): void {
    shown.delete(track)
    for (const from of elsewhere.get(track)?.keys() ?? []) believe(track, from, undefined)
  }

  return {
    onlineFor(reader, userIds) {
      const online = userIds.filter((id) => isOnline(id) && (id === reader.userId || mayNotice(reader, id)))
      for (const userId of online) if (userId !== reader.userId) note(userId, reader)
      return online
    },
    came,
    reconsider: reconsidering({ sentTo, knownTo, mayNotice }),
    went(userId, tracks) {
      sendOffline(userId, clock())
      answer(tracks)
    },
    shown: show,
    wanted: want,
    asked(track) {
      want(track)
      answer([track])
    },
    receive(track, { node: from, no, userIds }) {
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
        const readers = sentTo.get(userId)
        if (readers?.delete(reader) && readers.size === 0) sentTo.delete(userId)
      }
    },
    forget(track) {
      wanted.delete(track)
      off(track)
    },
  }
}

interface Sent {
  readonly sentTo: ReadonlyMap<UserId, Set<Reader>>
  readonly knownTo: WeakMap<Reader, Set<UserId>>
  mayNotice(reader: Reader, userId: UserId): boolean
}

/** Takes back what readers were sent of users whom they may not notice any more. */
const reconsidering =
  ({ sentTo, knownTo, mayNotice }: Sent): LivePresence['reconsider'] =>
  (userId, readers) => {
    const pairs = [...(sentTo.get(userId) ?? [])].map((reader) => [reader, userId] as const)
    for (const reader of readers) for (const other of knownTo.get(reader) ?? []) pairs.push([reader, other])
    for (const [reader, other] of pairs) {
      if (mayNotice(reader, other) || !knownTo.get(reader)?.delete(other)) continue
      sentTo.get(other)?.delete(reader)
      reader.deliver({ type: 'presence', userId: other, online: false, lastSeenAt: undefined })
    }
  }
