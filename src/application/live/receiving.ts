import type { ChatId } from '../../domain/ids.ts'
import type { BusMessage, RelayMessage, Topic } from '../ports/bus.ts'
import type { Ports } from '../ports/ports.ts'
import type { LiveOwn } from './own.ts'
import type { LiveProfiles } from './profiles.ts'
import { type Rooms, welcome } from './seating.ts'
import type { Track } from './tracks.ts'
import type { Typing } from './typing.ts'

interface Needs extends Rooms, Pick<Ports, 'chats' | 'clock'> {
  readonly node: string
  readonly typing: Typing
  /** Takes the relay's messages. */
  readonly relayed: (message: RelayMessage) => void
  readonly own: LiveOwn
  readonly profiles: Pick<LiveProfiles, 'receive'>
}

/** What each message of the bus does. Messages about a chat that no local reader follows do nothing. */
export function receiving(needs: Needs): (topic: Topic, message: BusMessage) => void {
  const { node, clock, devices, feed, own, profiles, receipts, presence, typing, circles, relayed } = needs
  function withTrack(chatId: ChatId, use: (track: Track) => void): void {
    const track = feed.tracks.get(chatId)
    if (track) use(track)
  }
  const table: { readonly [T in BusMessage['type']]: (message: Extract<BusMessage, { type: T }>) => void } = {
    'events': ({ chatId, events }) => feed.receive(chatId, events),
    'head': ({ chatId, head }) => void feed.hint(chatId, head).catch(() => undefined),
    'joined'({ chatId, userId }) {
      for (const device of devices.of(userId)) welcome(needs, device, chatId)
    },
    'notice': ({ userId, notice }) => devices.tell(userId, notice),
    'profile': profiles.receive,
    'sessions-ended': ({ userId, sessionIds }) => devices.end(userId, sessionIds, 'session-ended'),
    'replaced'({ userId, deviceId, at, node: from }) {
      if (from !== node) devices.replace(userId, deviceId, at)
    },
    'own': ({ owned }) => own.receive(owned),
    'receipt': (message) => withTrack(message.receipt.chatId, (track) => receipts.receive(track, message)),
    'typing': ({ chatId, userId, active, asOf }) =>
      withTrack(chatId, (track) => typing.receive(track, { userId, isActive: active, asOf, now: clock() })),
    'who-is-there': ({ chatId }) => withTrack(chatId, presence.asked),
    'presence': (message) => withTrack(message.chatId, (track) => presence.receive(track, message)),
    'behind': relayed,
    'consumers': relayed,
    'circle': ({ userId, block }) => circles.receive(userId, block),
    'notices': ({ userId, delivery }) => devices.deliver(userId, delivery),
  }
  return (_, message) => (table[message.type] as (message: BusMessage) => void)(message)
}
