import type { ChatId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Ports } from '../ports/ports.ts'
import type { Circles } from './circles.ts'
import type { DetachedSeats } from './detached.ts'
import type { Device } from './device.ts'
import type { Devices } from './devices.ts'
import type { Feed } from './feed.ts'
import type { LivePresence } from './presence.ts'
import type { LiveReceipts } from './receipts.ts'
import { isPlaced, isTaken, mark, type Seat, type Track } from './tracks.ts'

/** The parts of a hub: what is delivered to the connected devices, and by what. */
export interface Rooms {
  readonly devices: Devices
  readonly feed: Feed
  readonly receipts: LiveReceipts
  readonly presence: LivePresence
  readonly circles: Circles
  readonly detached: DetachedSeats
}
type Needs = Rooms & Pick<Ports, 'chats' | 'clock'>

export function tracksOf({ seats }: Device): Track[] {
  const tracks: Track[] = []
  for (const { track } of seats.values()) tracks.push(track)
  return tracks
}

/** Whether an event may seat a device. One that is still resuming is seated when it has resumed. */
export function mayBeSeated(device: Device, chatId: ChatId): boolean {
  if (device.stage === 'resuming' && !device.seats.has(chatId)) (device.joined ??= new Set()).add(chatId)
  return device.stage === 'live'
}

/** Seats a device in a chat that its user has become a member of, unless it has a seat. */
export function welcome(needs: Needs, device: Device, chatId: ChatId): void {
  if (!mayBeSeated(device, chatId) || device.seats.has(chatId)) return
  const seat = needs.feed.enter(device, chatId)
  settle(needs, seat).catch(() => needs.feed.dismiss(seat))
}

async function settle({ chats, clock, devices, feed, receipts, presence }: Needs, seat: Seat): Promise<void> {
  const { reader, track } = seat
  const standing = await chats.standing(reader.userId, track.chatId)
  if (!standing) return feed.dismiss(seat)
  feed.learn(track, standing)
  mark(track, clock())
  await feed.place(seat, standing.joinedSeq - 1, standing)
  if (!isTaken(seat)) return
  receipts.catchUp(seat, clock())
  if (devices.isHere(reader.userId)) presence.came(reader.userId, [track])
  if (seat.isOnScreen) presence.shown(track)
}

/** Returns the device's seat in a chat. Refuses with `chat-not-found`; without a seat where the device has not resumed. */
export async function requireMember(needs: Needs, device: Device, chatId: ChatId): Promise<Seat | undefined> {
  const seat = device.seats.get(chatId)
  if (seat && isPlaced(seat)) return seat
  if (!(await needs.chats.standing(device.userId, chatId))) throw new Refusal('chat-not-found', { chatId })
  welcome(needs, device, chatId)
  return device.seats.get(chatId)
}
