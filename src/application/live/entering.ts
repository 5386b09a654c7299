import type { ChatId, Instant, Seq, UserId } from '../../domain/ids.ts'
import { gate } from '../gate.ts'
import { lastBefore } from '../log-time.ts'
import type { Ports } from '../ports/ports.ts'
import type { Place, PlaceSince, Standing } from '../ports/views.ts'
import { AS_OF_OVERLAP, type AsOf, digestOf } from './as-of.ts'
import type { DetachedSeats } from './detached.ts'
import type { Device } from './device.ts'
import type { Feed } from './feed.ts'
import { chatsOf, hasMoved, mark, UNPLACED } from './tracks.ts'

/** Chats in whose logs a resume looks for a time at once. */
const SEARCHES_AT_ONCE = 4

interface Needs extends Pick<Ports, 'log' | 'chats' | 'clock'> {
  readonly feed: Feed
  readonly detached: Pick<DetachedSeats, 'of' | 'take'>
}

export interface Entered {
  /** Of all chats, or of those that are looked at. */
  readonly places: readonly Place[]
  /** Of the chats that the answer names. */
  readonly standings: readonly Standing[]
  readonly isWhole: boolean
  /** The last event of each chat that the client has. Where none is named, it has all. */
  readonly starting: ReadonlyMap<ChatId, Seq>
  /** Since when the tracks tell what has moved. */
  readonly from: Instant
}

interface Entering {
  readonly cursors: ReadonlyMap<ChatId, Seq>
  readonly since: AsOf | undefined
  /** The user's chats, where they are known. */
  readonly own: readonly Named[] | undefined
}
interface Named {
  readonly chatId: ChatId
}

/**
 * Seats a device in every chat of its user, and reads where they are. With `since`, only chats in which anything moved since then are looked at
 * closely.
 */
export async function entered(needs: Needs, device: Device, { cursors, since, own }: Entering): Promise<Entered> {
  const { chats, clock } = needs
  const { userId } = device
  if (!since) {
    const standings = await enterAll(needs, device, () => chats.standings(userId), own)
    return { places: standings, standings, isWhole: true, starting: cursors, from: clock() }
  }
  const taken = await reentered(needs, device, cursors, since)
  if (taken) return taken
  const from = since.at - AS_OF_OVERLAP
  const places = await enterAll(needs, device, () => chats.places(userId, from), own)
  for (const { chatId, hasMoved } of places) if (hasMoved) mark(device.seats.get(chatId)!.track, clock())
  const moved = places.filter(({ chatId, hasMoved }) => hasMoved || cursors.has(chatId))
  // Who has lost a chat since then is to hear of it: by an answer that names every chat. What was joined since may be among those or not.
  const then = places.filter(({ shownAt }) => shownAt <= since.at)
  const isOf = (some: readonly Place[]) => digestOf(some.map(({ chatId }) => chatId)) === since.chats
  const isWhole = !isOf(places) && (then.length === places.length || !isOf(then))
  const named = (isWhole ? places : moved).map(({ chatId }) => chatId)
  return { places, isWhole, from, ...(await looked(needs, userId, { named, moved, cursors, from })) }
}

interface Looking {
  readonly named: readonly ChatId[]
  readonly moved: readonly PlaceSince[]
  readonly cursors: ReadonlyMap<ChatId, Seq>
  readonly from: Instant
}

/** What is looked at closely: where each chat that has moved starts, and what the answer says of those that it names. */
async function looked(
  needs: Needs,
  userId: UserId,
  { named, moved, cursors, from }: Looking,
): Promise<Pick<Entered, 'starting' | 'standings'>> {
  const [starting, standings] = await Promise.all([
    startingFrom(needs, moved, { cursors, from }),
    named.length > 0 ? needs.chats.standings(userId, named) : [],
  ])
  return { starting, standings }
}

/**
 * Takes over the seats of an earlier connection of the user, if the store says that they are those of all chats, and looks at what has moved
 * alone. Undefined where no seats are kept, or where they do not tell it.
 */
async function reentered(needs: Needs, device: Device, cursors: ReadonlyMap<ChatId, Seq>, since: AsOf): Promise<Entered | undefined> {
  const { chats, detached, feed } = needs
  const { userId } = device
  const from = since.at - AS_OF_OVERLAP
  const kept = detached.of(userId)
  if (!kept || kept.level.epoch !== since.epoch || from < kept.level.from) return undefined
  const { count, chatIds } = await chats.moved(userId, kept.level.at - AS_OF_OVERLAP)
  const { seats } = kept
  const areAll = seats.size === count && chatIds.every((chatId) => seats.has(chatId)) && chatsOf(kept) === since.chats
  if (!areAll || device.stage === 'closed') return undefined
  detached.take(kept, device)
  const named = new Set([...chatIds, ...cursors.keys()].filter((chatId) => seats.has(chatId)))
  for (const { track } of seats.values()) if (hasMoved(track, from)) named.add(track.chatId)
  for (const chatId of named) seats.get(chatId)!.position = UNPLACED
  const moved = [...named]
  const places = moved.length > 0 ? await chats.places(userId, from, moved) : []
  const own = new Set(places.map(({ chatId }) => chatId))
  for (const chatId of moved) {
    const seat = own.has(chatId) ? undefined : seats.get(chatId)
    if (seat) feed.dismiss(seat, cursors.has(chatId) ? undefined : 'not-found')
  }
  return { places, isWhole: false, from: kept.level.from, ...(await looked(needs, userId, { named: moved, moved: places, cursors, from })) }
}

/** Chats that the client does not name go on from where it stood: from the last event that is older, or all that has appeared since. */
async function startingFrom(
  { log }: Needs,
  moved: readonly PlaceSince[],
  { cursors, from }: { readonly cursors: ReadonlyMap<ChatId, Seq>; readonly from: Instant },
): Promise<ReadonlyMap<ChatId, Seq>> {
  const inTurn = gate({ places: SEARCHES_AT_ONCE })
  async function startOf({ chatId, headSeq, shownAt, joinedSeq }: PlaceSince): Promise<Seq> {
    const isNew = shownAt >= from
    if (isNew && joinedSeq <= 1) return 0
    const last = await inTurn(() => lastBefore(log, chatId, from, headSeq))
    return isNew ? Math.min(last, joinedSeq - 1) : last
  }
  const unnamed = moved.filter(({ chatId }) => !cursors.has(chatId))
  const starts = await Promise.all(unnamed.map(async (place) => [place.chatId, await startOf(place)] as const))
  return new Map([...cursors, ...starts])
}

/**
 * Subscribes before it reads, so that no event is missed in between; repeats until no chat is new. The chats are named first, by a read that
 * costs little: what is read closely is read once, unless the user joins a chat meanwhile.
 */
async function enterAll<P extends Place>(
  { chats, feed }: Needs,
  device: Device,
  read: () => Promise<readonly P[]>,
  own: readonly Named[] | undefined,
): Promise<readonly P[]> {
  const isClosed = () => device.stage === 'closed'
  for (const { chatId } of own ?? (await chats.joinedSince([device.userId], 0))) if (!isClosed()) feed.enter(device, chatId)
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
