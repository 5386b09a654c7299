import type { ChatId, Duration, Instant, SessionId, UserId } from '../../domain/ids.ts'
import type { Receipt } from '../../domain/receipt.ts'
import { gate } from '../gate.ts'
import type { Ports } from '../ports/ports.ts'
import type { Access } from '../ports/sessions.ts'
import type { Viewer } from './connection.ts'
import type { Device } from './device.ts'
import type { Feed } from './feed.ts'
import type { LiveOwn } from './own.ts'
import { type LiveReceipts, RECEIPT_MEMBERS } from './receipts.ts'
import { isOnScreen } from './tracks.ts'

/** Polls look back so far: what was committed late is found all the same. Now and then they look back farther, for what a slow clock has dated. */
const OVERLAP: Duration = 10_000
const LONG_OVERLAP: Duration = 60_000
const LONG_EVERY = 15
const REPAIRS_AT_ONCE = 16

const accessOf = ({ userId, via, keyId, issuedAt }: Viewer, sessionId: SessionId): Access => ({ userId, sessionId, via, keyId, issuedAt })

interface Needs extends Pick<Ports, 'chats' | 'receipts' | 'own' | 'sessions' | 'clock'> {
  readonly feed: Feed
  readonly reads: LiveReceipts
  readonly states: LiveOwn
  readonly devices: ReadonlyMap<UserId, readonly Device[]>
  /** Seats a device in a chat that has become its person's. */
  welcome(device: Device, chatId: ChatId): void
}

interface Polling {
  poll(): Promise<void>
  /** When the last complete one began. */
  polledAt(): Instant
}

/**
 * Bounds what a silent bus can cost: one poll asks, in a statement each, for the heads of followed chats, for who has joined what, for the
 * marks of chats on screen, for own states and for sessions that have ended. One that fails is made up for by the next.
 */
export function polling({ chats, receipts, own, sessions, clock, feed, reads, states, devices, welcome }: Needs): Polling {
  let polledAt = clock()
  let polls = 0
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
    const since = polledAt - (++polls % LONG_EVERY === 0 ? LONG_OVERLAP : OVERLAP)
    const connected = [...devices.keys()]
    if (connected.length === 0) return
    const open = [...devices.values()].flatMap((some) => some.map(({ viewer }) => ({ viewer, sessionId: viewer.sessionId })))
    const followed = [...feed.tracks.values()].filter(({ head }) => head !== undefined)
    const onScreen = followed.filter(isOnScreen).map(({ chatId }) => chatId)
    const [heads, joins, marks, owned, alive] = await Promise.all([
      chats.heads(followed.map(({ chatId }) => chatId)),
      chats.joinedSince(connected, since),
      receipts.since(onScreen, since),
      own.since(connected, since),
      sessions.live(
        open.map(({ viewer, sessionId }) => accessOf(viewer, sessionId)),
        now,
      ),
    ])
    const repairs = followed.map(async ({ chatId, head: known }) => {
      const head = heads.get(chatId)
      if (head === undefined) feed.drop(chatId)
      else if (head > known!) await inTurn(() => feed.hint(chatId, head))
    })
    for (const one of owned) states.receive(one)
    await receive(marks)
    for (const { viewer, sessionId } of open)
      if (alive.get(sessionId) !== 'live' && viewer.sessionId === sessionId) viewer.end('session-ended')
    await Promise.all(repairs)
    // Afterwards: who has left and come back has lost the seat from before by now.
    for (const { userId, chatId } of joins) for (const device of devices.get(userId) ?? []) welcome(device, chatId)
    polledAt = now
  }

  return { poll, polledAt: () => polledAt }
}
