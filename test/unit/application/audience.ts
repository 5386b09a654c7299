import type { Delivery } from '../../../src/application/live/delivery.ts'
import type { Reader, Seat, Track } from '../../../src/application/live/tracks.ts'
import { asId, type ChatId, type UserId } from '../../../src/domain/ids.ts'

export const aUser = (name: string): UserId => asId(name)
export const aChat = (name: string): ChatId => asId(name)

/** A chat of which its readers have all. */
export function aTrack(name = 'chat', given: Partial<Track> = {}): Track {
  const times = { head: 10, changedAt: 0, markedAt: 0, memberSeq: 5, knownFrom: 0 }
  const rest = { memberCount: 3, isStrange: false, held: undefined, repair: undefined }
  return { chatId: aChat(name), seats: new Set(), ...times, ...rest, ...given }
}

/** A connection, and all that it was handed. */
export function aReader(name: string, given: Partial<Reader> = {}): Reader & { readonly handed: Delivery[] } {
  const handed: Delivery[] = []
  const deliver = (delivery: Delivery) => void handed.push(delivery)
  const rest = { onScreen: undefined, seats: new Map(), digest: undefined, isDetached: false }
  return { userId: aUser(name), deliver, handed, ...rest, ...given }
}

/** A place in the audience, with the chat on screen. */
export function aSeat(reader: Reader, track: Track, given: Partial<Seat> = {}): Seat {
  const seat = { reader, track, position: track.head ?? 0, joinedSeq: 1, isOnScreen: true, isMuted: false, ...given }
  track.seats.add(seat)
  reader.seats.set(track.chatId, seat)
  return seat
}
