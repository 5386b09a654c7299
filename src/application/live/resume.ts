import type { ChatId, Instant, Seq } from '../../domain/ids.ts'
import { isUntouched } from '../../domain/own.ts'
import { lastBefore } from '../log-time.ts'
import type { Ports } from '../ports/ports.ts'
import type { Place, PlaceSince, Standing } from '../ports/views.ts'
import { AS_OF_MAX_AGE, AS_OF_OVERLAP, type AsOf, digestOf, readAsOf } from './as-of.ts'
import type { Circles } from './circles.ts'
import type { Resumed } from './connection.ts'
import type { Device } from './device.ts'
import type { Feed } from './feed.ts'
import { ownOf, placeOf } from './own.ts'
import type { LiveReceipts } from './receipts.ts'
import { UNPLACED } from './tracks.ts'

/** Missed events beyond `inChat` and `inAll` are not sent, except the newest; the client can read the rest. */
export interface MissedLimits {
  readonly inChat: number
  readonly inAll: number
  readonly newest: number
}

export const MISSED: MissedLimits = { inChat: 500, inAll: 5_000, newest: 50 }

/** Further devices wait; their connections stay open. */
export const RESUMES_AT_ONCE = 32

interface Needs extends Pick<Ports, 'log' | 'chats' | 'clock'> {
  readonly feed: Feed
  readonly receipts: LiveReceipts
  readonly circles: Pick<Circles, 'blockedBy'>
  readonly missed: MissedLimits
}

type From = { readonly epoch?: string | undefined; readonly asOf?: string | undefined; readonly cursors: ReadonlyMap<ChatId, Seq> }

/**
 * Subscribes a device to every chat of its user, then reads where they are, then the log from its cursors; then the device is live. With
 * `asOf`, only chats in which anything moved since are looked at closely, and named in the answer.
 */
export async function resume(needs: Needs, device: Device, { epoch, asOf, cursors }: From): Promise<Resumed> {
  const { chats, feed, receipts, circles, clock, missed } = needs
  const current = await chats.epoch()
  const isSameStore = epoch === undefined || epoch === current
  if (!isSameStore) device.deliver({ type: 'reset', chatId: undefined, epoch: current, reason: 'epoch' })
  const beganAt = clock()
  const since = isSameStore ? usable(asOf, current, beganAt) : undefined
  const { places, standings, isWhole, starting } = await entered(needs, device, isSameStore ? cursors : new Map<ChatId, Seq>(), since)
  const own = new Set(places.map(({ chatId }) => chatId))
  for (const chatId of cursors.keys()) if (!own.has(chatId)) device.deliver({ type: 'chat_gone', chatId, reason: 'not-found' })
  for (const start of startsOf(places, starting, missed)) {
    const { place, isAhead } = start
    const seat = device.seats.get(place.chatId)
    if (!seat || seat.position !== UNPLACED) continue
    if (isAhead) device.deliver({ type: 'reset', chatId: place.chatId, epoch: current, reason: 'ahead' })
    const from = start.isLimited ? await skipped(needs, device, start) : start.from
    feed.learn(seat.track, place)
    await feed.place(seat, from, place)
    receipts.catchUp(seat, beganAt)
  }
  device.level = { epoch: current, at: beganAt }
  return {
    epoch: current,
    isWhole,
    get blocked() {
      return circles.blockedBy(device.userId)
    },
    get standings() {
      return standings.filter(({ chatId }) => Number.isFinite(device.seats.get(chatId)?.position))
    },
    get heads() {
      return isWhole ? headsOf(device) : movedHeads(device, places, standings)
    },
    get own() {
      return standings
        .map((standing) => ownOf(device, standing))
        .filter((owned) => (isWhole ? !isUntouched(owned.me) : owned.at >= since!.at - AS_OF_OVERLAP))
        .filter((owned) => device.seats.has(owned.chatId) && placeOf(device, owned) !== 'late')
    },
  }
}

/** Returns how far each chat was delivered; with a time, only chats with events since then. */
export function headsOf({ seats }: Device, since = 0): ReadonlyMap<ChatId, Seq> {
  const heads = new Map<ChatId, Seq>()
  for (const [chatId, { position, isMuted, track }] of seats)
    if (!isMuted && Number.isFinite(position) && track.changedAt >= since) heads.set(chatId, position)
  return heads
}

/** What was moved since, and what has moved while the device was resumed. */
function movedHeads(device: Device, places: readonly Place[], standings: readonly Standing[]): ReadonlyMap<ChatId, Seq> {
  const still = new Map(places.map(({ chatId, headSeq }) => [chatId, headSeq]))
  for (const { chatId } of standings) still.delete(chatId)
  return new Map([...headsOf(device)].filter(([chatId, head]) => head !== still.get(chatId)))
}

function usable(asOf: string | undefined, epoch: string, now: Instant): AsOf | undefined {
  const read = asOf === undefined ? undefined : readAsOf(asOf)
  return read?.epoch === epoch && read.at <= now && now - read.at < AS_OF_MAX_AGE ? read : undefined
}

interface Entered {
  readonly places: readonly Place[]
  /** Of the chats that the answer names. */
  readonly standings: readonly Standing[]
  readonly isWhole: boolean
  /** The last event of each chat that the client has. Where none is named, it has all. */
  readonly starting: ReadonlyMap<ChatId, Seq>
}

async function entered(needs: Needs, device: Device, cursors: ReadonlyMap<ChatId, Seq>, since: AsOf | undefined): Promise<Entered> {
  const { chats } = needs
  const { userId } = device
  if (!since) {
    const standings = await enterAll(needs, device, () => chats.standings(userId))
    return { places: standings, standings, isWhole: true, starting: cursors }
  }
  const from = since.at - AS_OF_OVERLAP
  const places = await enterAll(needs, device, () => chats.places(userId, from))
  const moved = places.filter(({ chatId, hasMoved }) => hasMoved || cursors.has(chatId))
  const starting = await startingFrom(needs, moved, { cursors, from })
  // Who has lost a chat since then is to hear of it: by an answer that names every chat. What was joined since may be among those or not.
  const then = places.filter(({ joinedAt }) => joinedAt <= since.at)
  const isWhole = ![then, places].some((some) => digestOf(some.map(({ chatId }) => chatId)) === since.chats)
  const named = (isWhole ? places : moved).map(({ chatId }) => chatId)
  return { places, isWhole, starting, standings: named.length > 0 ? await chats.standings(userId, named) : [] }
}

/** Chats that the client does not name go on from where it stood: from the last event that is older. */
async function startingFrom(
  { log }: Needs,
  moved: readonly PlaceSince[],
  { cursors, from }: { readonly cursors: ReadonlyMap<ChatId, Seq>; readonly from: Instant },
): Promise<ReadonlyMap<ChatId, Seq>> {
  const starting = new Map(cursors)
  for (const { chatId, headSeq } of moved) if (!cursors.has(chatId)) starting.set(chatId, await lastBefore(log, chatId, from, headSeq))
  return starting
}

/**
 * Subscribes before it reads, so that no event is missed in between; repeats until no chat is new. The chats are named first, by a read that
 * costs little: what is read closely is read once, unless the user joins a chat meanwhile.
 */
async function enterAll<P extends Place>({ chats, feed }: Needs, device: Device, read: () => Promise<readonly P[]>): Promise<readonly P[]> {
  const isClosed = () => device.stage === 'closed'
  for (const { chatId } of await chats.joinedSince([device.userId], 0)) if (!isClosed()) feed.enter(device, chatId)
  for (;;) {
    const places = isClosed() ? [] : await read()
    if (isClosed()) return []
    const fresh = places.filter(({ chatId }) => !device.seats.has(chatId))
    if (fresh.length === 0) {
      const own = new Set(places.map(({ chatId }) => chatId))
      for (const [chatId, seat] of device.seats) if (seat.position === UNPLACED && !own.has(chatId)) feed.dismiss(seat)
      return places
    }
    for (const { chatId } of fresh) feed.enter(device, chatId)
  }
}

interface Start {
  readonly place: Place
  /** The last event that is not to be sent. */
  readonly from: Seq
  readonly isAhead: boolean
  readonly isLimited: boolean
}

/** Returns where each chat starts. Chats that miss the most are limited first, until the rest fits `inAll`. */
export function startsOf(places: readonly Place[], cursors: ReadonlyMap<ChatId, Seq>, limits: MissedLimits): Start[] {
  const missed = ({ chatId, headSeq }: Place) => Math.max(0, headSeq - (cursors.get(chatId) ?? headSeq))
  const limited = new Set<Place>()
  let inAll = places.reduce((sum, place) => sum + missed(place), 0)
  for (const place of [...places].sort((a, b) => missed(b) - missed(a))) {
    if (missed(place) <= limits.inChat && inAll <= limits.inAll) break
    if (missed(place) <= limits.newest) break
    limited.add(place)
    inAll -= missed(place)
  }
  return places.map((place) => {
    const cursor = cursors.get(place.chatId) ?? place.headSeq
    return { place, from: Math.min(cursor, place.headSeq), isAhead: cursor > place.headSeq, isLimited: limited.has(place) }
  })
}

/** Sends the newest events of a chat with a `limited` frame and returns where delivery continues. */
async function skipped({ log, missed: { newest: count } }: Needs, device: Device, { place, from }: Start): Promise<Seq> {
  const { chatId, headSeq } = place
  const newest = await log.read(chatId, headSeq - count, count)
  device.deliver({ type: 'limited', chatId, from: from + 1, to: headSeq - count, newest })
  return newest.at(-1)?.seq ?? headSeq
}
