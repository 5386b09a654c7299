import type { ChatId, Duration, Instant, Seq, SessionId, UserId } from '../../domain/ids.ts'
import type { Receipt } from '../../domain/receipt.ts'
import { gate } from '../gate.ts'
import type { Ports } from '../ports/ports.ts'
import type { Access } from '../ports/sessions.ts'
import type { Viewer } from './connection.ts'
import type { Device } from './device.ts'
import type { Feed } from './feed.ts'
import type { LiveOwn } from './own.ts'
import { type LiveReceipts, RECEIPT_MEMBERS } from './receipts.ts'
import { isConnected, isOnScreen, type Track } from './tracks.ts'

/** Polls look back so far: what was committed late is found all the same. Now and then they look back farther, for what a slow clock has dated. */
const OVERLAP: Duration = 10_000
const LONG_OVERLAP: Duration = 60_000
const LONG_EVERY = 15
const REPAIRS_AT_ONCE = 16
/** A statement about more chats would hold up those of others. */
const HEADS_AT_ONCE = 2_000
/** So often everything is looked at, although nothing was committed: what ends by time alone, such as a session. */
const WHOLE_EVERY: Duration = 60_000

/** Connections that each look asks about, whether anything has ended or not: a clock that is far off dates an end as it likes. */
const IN_TURN = 20

const accessOf = ({ userId, via, keyId, issuedAt }: Viewer, sessionId: SessionId): Access => ({ userId, sessionId, via, keyId, issuedAt })

interface Needs extends Pick<Ports, 'chats' | 'receipts' | 'own' | 'sessions' | 'commits' | 'clock'> {
  readonly feed: Feed
  readonly reads: LiveReceipts
  readonly states: LiveOwn
  readonly devices: ReadonlyMap<UserId, readonly Device[]>
  /** Seats a device in a chat that has become its person's. */
  welcome(device: Device, chatId: ChatId): void
}

interface Polling {
  poll(): Promise<void>
  /** What was to be read for a reader was not: the next poll looks at everything. */
  doubt(): void
  /** When the last complete one began. */
  polledAt(): Instant
}

/**
 * Bounds what a silent bus can cost: one poll asks, in a statement each, for the heads of followed chats, for who has joined what, for the
 * marks of chats on screen, for own states and for sessions that have ended. One that fails is made up for by the next. Where nothing was
 * committed since the last, it asks for nothing but that.
 */
export function polling({ chats, receipts, own, sessions, commits, clock, feed, reads, states, devices, welcome }: Needs): Polling {
  let polledAt = clock()
  const quiet = quietude()
  const endUnlived = unlived({ sessions, devices })
  const lookFor = looking({ chats, feed })
  const inTurn = gate({ places: REPAIRS_AT_ONCE })

  /** In large chats others hear of it when everybody but them has read: that is asked only where somebody has. */
  async function receive(marks: readonly Receipt[]): Promise<void> {
    const news = marks.flatMap((receipt) => {
      const track = feed.tracks.get(receipt.chatId)
      return track && reads.isNews(track, receipt) ? [{ track, receipt }] : []
    })
    const large = news.filter(({ track }) => track.memberCount > RECEIPT_MEMBERS).map(({ track }) => track.chatId)
    const lowest = large.length > 0 ? await receipts.lowest([...new Set(large)]) : undefined
    for (const { track, receipt } of news)
      reads.receive(track, {
        receipt,
        unread: undefined,
        unreadMentions: undefined,
        memberCount: track.memberCount,
        lowest: lowest?.get(track.chatId) ?? [],
      })
  }

  async function poll(): Promise<void> {
    const now = clock()
    const connected = [...devices.keys()]
    if (connected.length === 0) return
    const { at, done } = quiet.look(await commits?.stamp(), now)
    if (at !== 'nothing') await search(connected, polledAt - (at === 'older' ? LONG_OVERLAP : OVERLAP), now)
    done()
    polledAt = now
  }

  async function search(connected: readonly UserId[], since: Instant, now: Instant): Promise<void> {
    const followed = [...feed.tracks.values()].filter((track) => track.head !== undefined && isConnected(track))
    const onScreen = followed.filter(isOnScreen).map(({ chatId }) => chatId)
    const [missing, joins, marks, owned] = await Promise.all([
      lookFor(followed),
      chats.joinedSince(connected, since),
      receipts.since(onScreen, since),
      own.since(connected, since),
      endUnlived(since, now),
    ])
    for (const one of owned) states.receive(one)
    // At once: a mark of somebody whose removal is missing comes before it.
    await Promise.all([receive(marks), ...missing.map(([chatId, head]) => inTurn(() => feed.hint(chatId, head)))])
    // Afterwards: who has left and come back has lost the seat from before by now.
    for (const { userId, chatId } of joins) for (const device of devices.get(userId) ?? []) welcome(device, chatId)
  }

  return { poll, doubt: quiet.doubt, polledAt: () => polledAt }
}

type Missing = readonly (readonly [chatId: ChatId, head: Seq])[]

/** Returns a function that looks, piece by piece, which followed chats have events that are missing here. Those that are gone are dropped. */
function looking({ chats, feed }: Pick<Needs, 'chats' | 'feed'>): (followed: readonly Track[]) => Promise<Missing> {
  return async (followed) => {
    const missing: (readonly [ChatId, Seq])[] = []
    for (let from = 0; from < followed.length; from += HEADS_AT_ONCE) {
      const some = followed.slice(from, from + HEADS_AT_ONCE)
      const heads = await chats.heads(some.map(({ chatId }) => chatId))
      for (const { chatId, head: known } of some) {
        const head = heads.get(chatId)
        if (head === undefined) feed.drop(chatId)
        else if (head > known!) missing.push([chatId, head])
      }
    }
    return missing
  }
}

/** Returns a function that ends connections whose sessions have ended: it asks about those of what has ended since, and about some others in turn. */
function unlived({ sessions, devices }: Pick<Needs, 'sessions' | 'devices'>): (since: Instant, now: Instant) => Promise<void> {
  let next = 0
  return async (since, now) => {
    const ended = await sessions.endings(since, now)
    const isNamed = ({ userId, sessionId, keyId }: Viewer) =>
      !ended || ended.sessions.has(sessionId) || ended.users.has(userId) || (keyId !== undefined && ended.keys.has(keyId))
    const all = [...devices.values()].flatMap((some) => some.map(({ viewer }) => viewer))
    const turn = all.slice(next, next + IN_TURN)
    next = next + IN_TURN < all.length ? next + IN_TURN : 0
    const open = [...new Set([...turn, ...all.filter(isNamed)])].map((viewer) => ({ viewer, sessionId: viewer.sessionId }))
    const accesses = open.map(({ viewer, sessionId }) => accessOf(viewer, sessionId))
    const alive = await sessions.live(accesses, now)
    for (const { viewer, sessionId } of open)
      if (alive.get(sessionId) !== 'live' && viewer.sessionId === sessionId) viewer.end('session-ended')
  }
}

interface Look {
  readonly at: 'nothing' | 'recent' | 'older'
  /** It was completed. */
  done(): void
}

/**
 * What a poll has to look at: nothing where the store has the stamp of the last look at what is older, too. What a slow clock has dated
 * is found by such looks alone, so that one follows the last change.
 */
function quietude() {
  let looks = 0
  let doubts = 0
  let [settled, seen]: readonly (string | undefined)[] = []
  let wholeAt: Instant = 0
  let isQuiet = true

  return {
    doubt() {
      doubts++
      settled = undefined
    },
    look(stamp: string | undefined, now: Instant): Look {
      const isKnown = stamp !== undefined
      const [before, wasQuiet] = [doubts, isQuiet]
      isQuiet = isKnown && stamp === settled && now - wholeAt < WHOLE_EVERY
      if (isQuiet) return { at: 'nothing', done() {} }
      const isCalm = wasQuiet || (isKnown && stamp === seen)
      const at = ++looks % LONG_EVERY === 0 || isCalm ? 'older' : 'recent'
      return {
        at,
        done() {
          seen = stamp
          if (at !== 'older' || doubts > before) return
          settled = stamp
          wholeAt = now
        },
      }
    },
  }
}
