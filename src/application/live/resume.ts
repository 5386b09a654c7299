import type { ChatId, Seq } from '../../domain/ids.ts'
import { isUntouched } from '../../domain/own.ts'
import type { Ports } from '../ports/ports.ts'
import type { Standing } from '../ports/views.ts'
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
  readonly missed: MissedLimits
}

type From = { readonly epoch?: string | undefined; readonly cursors: ReadonlyMap<ChatId, Seq> }

/** Subscribes a device to every chat of its user, then reads their standings, then the log from its cursors; then the device is live. */
export async function resume(needs: Needs, device: Device, { epoch, cursors }: From): Promise<Resumed> {
  const { chats, feed, receipts, clock, missed } = needs
  const current = await chats.epoch()
  const isSameStore = epoch === undefined || epoch === current
  if (!isSameStore) device.deliver({ type: 'reset', chatId: undefined, epoch: current, reason: 'epoch' })
  const beganAt = clock()
  const standings = await enterAll(needs, device)
  const own = new Set(standings.map(({ chatId }) => chatId))
  for (const chatId of cursors.keys()) if (!own.has(chatId)) device.deliver({ type: 'chat_gone', chatId, reason: 'not-found' })
  const starts = startsOf(standings, isSameStore ? cursors : new Map<ChatId, Seq>(), missed)
  for (const start of starts) {
    const { standing, isAhead } = start
    const seat = device.seats.get(standing.chatId)
    if (!seat || seat.position !== UNPLACED) continue
    if (isAhead) device.deliver({ type: 'reset', chatId: standing.chatId, epoch: current, reason: 'ahead' })
    const from = start.isLimited ? await skipped(needs, device, start) : start.from
    feed.learn(seat.track, standing)
    await feed.place(seat, from, standing)
    receipts.catchUp(seat, beganAt)
  }
  return {
    epoch: current,
    get standings() {
      return standings.filter(({ chatId }) => Number.isFinite(device.seats.get(chatId)?.position))
    },
    get heads() {
      return headsOf(device)
    },
    get own() {
      return standings
        .map((standing) => ownOf(device, standing))
        .filter((owned) => device.seats.has(owned.chatId) && !isUntouched(owned.me) && placeOf(device, owned) !== 'late')
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

/** Subscribes before it reads, so that no event is missed in between; repeats until no chat is new. */
async function enterAll({ chats, feed }: Needs, device: Device): Promise<readonly Standing[]> {
  for (;;) {
    const standings = device.stage === 'closed' ? [] : await chats.standings(device.userId)
    if (device.stage === 'closed') return []
    const fresh = standings.filter(({ chatId }) => !device.seats.has(chatId))
    if (fresh.length === 0) {
      const own = new Set(standings.map(({ chatId }) => chatId))
      for (const [chatId, seat] of device.seats) if (seat.position === UNPLACED && !own.has(chatId)) feed.dismiss(seat)
      return standings
    }
    for (const { chatId } of fresh) feed.enter(device, chatId)
  }
}

interface Start {
  readonly standing: Standing
  /** The last event that is not to be sent. */
  readonly from: Seq
  readonly isAhead: boolean
  readonly isLimited: boolean
}

/** Returns where each chat starts. Chats that miss the most are limited first, until the rest fits `inAll`. */
export function startsOf(standings: readonly Standing[], cursors: ReadonlyMap<ChatId, Seq>, limits: MissedLimits): Start[] {
  const missed = ({ chatId, headSeq }: Standing) => Math.max(0, headSeq - (cursors.get(chatId) ?? headSeq))
  const limited = new Set<Standing>()
  let inAll = standings.reduce((sum, standing) => sum + missed(standing), 0)
  for (const standing of [...standings].sort((a, b) => missed(b) - missed(a))) {
    if (missed(standing) <= limits.inChat && inAll <= limits.inAll) break
    if (missed(standing) <= limits.newest) break
    limited.add(standing)
    inAll -= missed(standing)
  }
  return standings.map((standing) => {
    const cursor = cursors.get(standing.chatId) ?? standing.headSeq
    return { standing, from: Math.min(cursor, standing.headSeq), isAhead: cursor > standing.headSeq, isLimited: limited.has(standing) }
  })
}

/** Sends the newest events of a chat with a `limited` frame and returns where delivery continues. */
async function skipped({ log, missed: { newest: count } }: Needs, device: Device, { standing, from }: Start): Promise<Seq> {
  const { chatId, headSeq } = standing
  const newest = await log.read(chatId, headSeq - count, count)
  device.deliver({ type: 'limited', chatId, from: from + 1, to: headSeq - count, newest })
  return newest.at(-1)?.seq ?? headSeq
}
