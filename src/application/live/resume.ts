import type { ChatId, Instant, Seq } from '../../domain/ids.ts'
import { isUntouched } from '../../domain/own.ts'
import { gate } from '../gate.ts'
import type { Ports } from '../ports/ports.ts'
import type { Place, Standing } from '../ports/views.ts'
import { AS_OF_MAX_AGE, AS_OF_OVERLAP, type AsOf, readAsOf } from './as-of.ts'
import type { Circles } from './circles.ts'
import type { Resumed } from './connection.ts'
import type { DetachedSeats } from './detached.ts'
import type { Device } from './device.ts'
import { entered } from './entering.ts'
import type { Feed } from './feed.ts'
import { ownOf, placeOf } from './own.ts'
import type { LiveReceipts } from './receipts.ts'
import { isPlaced, isTaken, type Seat, UNPLACED } from './tracks.ts'

/** Missed events beyond `inChat` and `inAll` are not sent, except the newest; the client can read the rest. */
export interface MissedLimits {
  readonly inChat: number
  readonly inAll: number
  readonly newest: number
}

export const MISSED: MissedLimits = { inChat: 500, inAll: 5_000, newest: 50 }

/** Chats of one resume from whose logs is read at once. */
const CHATS_AT_ONCE = 4

/** Further devices wait; their connections stay open. */
export const RESUMES_AT_ONCE = 32

interface Needs extends Pick<Ports, 'log' | 'chats' | 'clock'> {
  readonly feed: Feed
  readonly receipts: LiveReceipts
  readonly circles: Pick<Circles, 'blockedBy'>
  readonly detached: Pick<DetachedSeats, 'of' | 'take'>
  readonly missed: MissedLimits
}

type From = { readonly epoch?: string | undefined; readonly asOf?: string | undefined; readonly cursors: ReadonlyMap<ChatId, Seq> }

/**
 * Subscribes a device to every chat of its user, then reads where they are, then the log from its cursors; then the device is live. With
 * `asOf`, only chats in which anything moved since are looked at closely, and named in the answer.
 */
export async function resume(needs: Needs, device: Device, { epoch, asOf, cursors }: From): Promise<Resumed> {
  const { chats, detached, circles, clock } = needs
  const isKept = detached.of(device.userId) !== undefined
  const [current, own] = await Promise.all([chats.epoch(), isKept ? undefined : chats.joinedSince([device.userId], 0)])
  const isSameStore = epoch === undefined || epoch === current
  if (!isSameStore) device.deliver({ type: 'reset', chatId: undefined, epoch: current, reason: 'epoch' })
  const beganAt = clock()
  const since = isSameStore ? usable(asOf, current, beganAt) : undefined
  const reading = entered(needs, device, { cursors: isSameStore ? cursors : new Map<ChatId, Seq>(), since, own })
  const { places, standings, isWhole, starting, from } = await reading
  const ofUser = new Set(places.map(({ chatId }) => chatId))
  for (const chatId of cursors.keys()) if (!ofUser.has(chatId)) device.deliver({ type: 'chat_gone', chatId, reason: 'not-found' })
  await placeAll(needs, device, startsOf(places, starting, needs.missed), { epoch: current, beganAt })
  device.level = { epoch: current, at: beganAt, from }
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
      return isWhole ? headsOf(device) : movedHeads(device, standings, beganAt)
    },
    get own() {
      return standings
        .map((standing) => ownOf(device, standing))
        .filter((owned) => (isWhole ? !isUntouched(owned.me) : owned.at >= since!.at - AS_OF_OVERLAP))
        .filter((owned) => device.seats.has(owned.chatId) && placeOf(device, owned) !== 'late')
    },
  }
}

/** Places the seats of a device. Of many chats few have missed anything: only these are waited for, some at a time. */
async function placeAll(
  needs: Needs,
  device: Device,
  starts: readonly Start[],
  { epoch, beganAt }: { readonly epoch: string; readonly beganAt: Instant },
): Promise<void> {
  const { feed, receipts } = needs
  const inTurn = gate({ places: CHATS_AT_ONCE })
  const waiting: Promise<void>[] = []
  for (const start of starts) {
    const { place, isAhead, isLimited } = start
    const seat = device.seats.get(place.chatId)
    if (!seat || seat.position !== UNPLACED) continue
    if (isAhead) device.deliver({ type: 'reset', chatId: place.chatId, epoch, reason: 'ahead' })
    feed.learn(seat.track, place)
    const isPresent = () => device.seats.get(place.chatId) === seat
    const bring = async () => {
      if (!isPresent()) return
      const from = isLimited ? await skipped(needs, device, start) : start.from
      if (isPresent()) await feed.place(seat, from, place)
      if (isTaken(seat)) receipts.catchUp(seat, beganAt)
    }
    if (isLimited || Math.max(place.headSeq, seat.track.head ?? 0) > start.from) waiting.push(inTurn(bring))
    else {
      void feed.place(seat, start.from, place)
      receipts.catchUp(seat, beganAt)
    }
  }
  await Promise.all(waiting)
}

/** Returns how far each chat was delivered; with a time, only chats with events since then. */
export function headsOf({ seats }: Device, since = 0): ReadonlyMap<ChatId, Seq> {
  const heads = new Map<ChatId, Seq>()
  for (const [chatId, seat] of seats) if (isTold(seat) && seat.track.changedAt >= since) heads.set(chatId, seat.position)
  return heads
}

const isTold = (seat: Seat): boolean => !seat.isMuted && isPlaced(seat)

/** What was moved since, and what has moved while the device was resumed. */
function movedHeads(device: Device, standings: readonly Standing[], beganAt: Instant): ReadonlyMap<ChatId, Seq> {
  const heads = new Map(headsOf(device, beganAt))
  for (const { chatId } of standings) {
    const seat = device.seats.get(chatId)
    if (seat && isTold(seat)) heads.set(chatId, seat.position)
  }
  return heads
}

function usable(asOf: string | undefined, epoch: string, now: Instant): AsOf | undefined {
  const read = asOf === undefined ? undefined : readAsOf(asOf)
  return read?.epoch === epoch && read.at <= now && now - read.at < AS_OF_MAX_AGE ? read : undefined
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
  const many = places.filter((place) => missed(place) > limits.newest)
  for (const place of many.sort((a, b) => missed(b) - missed(a))) {
    if (missed(place) <= limits.inChat && inAll <= limits.inAll) break
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
