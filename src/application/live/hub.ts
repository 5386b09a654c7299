import type { ChatEvent } from '../../domain/event.ts'
import type { AccountNotice } from '../../domain/identity.ts'
import type { ChatId, SessionId, UserId } from '../../domain/ids.ts'
import { appearsTo } from '../../domain/kinds/kinds.ts'
import { type Bus, chatTopic, type Published, type RelayMessage, userTopic } from '../ports/bus.ts'
import type { NoticesChanged } from '../ports/notices.ts'
import type { Owned } from '../ports/own.ts'
import type { Ports } from '../ports/ports.ts'
import type { Marked } from '../ports/receipts.ts'
import type { Standing } from '../ports/views.ts'
import { liveCircles } from './circles.ts'
import { connecting } from './connecting.ts'
import type { Connection, Viewer } from './connection.ts'
import { DETACHED, detachedSeats } from './detached.ts'
import { type Device } from './device.ts'
import { connectedDevices, type Devices } from './devices.ts'
import { type Feed, feed } from './feed.ts'
import { liveOwn } from './own.ts'
import { polling } from './poll.ts'
import { livePresence } from './presence.ts'
import { liveProfiles } from './profiles.ts'
import { liveReceipts } from './receipts.ts'
import { receiving } from './receiving.ts'
import { MISSED } from './resume.ts'
import { mayBeSeated, type Rooms, welcome } from './seating.ts'
import { type FeedHooks, isOnScreen, type Track } from './tracks.ts'
import { liveTyping } from './typing.ts'

type Needs = Pick<
  Ports,
  'log' | 'chats' | 'people' | 'consents' | 'receipts' | 'own' | 'sessions' | 'commits' | 'bus' | 'clock' | 'newId' | 'later' | 'watch'
> & {
  readonly relayed?: (message: RelayMessage) => void
}

/** The connections of this process, and what they receive. */
export interface Hub {
  /** Takes every commit of this process. */
  committed(events: readonly ChatEvent[]): void
  /** A mark of a local user has moved. */
  marked(marked: Marked): void
  /** The own state of a user was changed. */
  owned(owned: Owned): void
  /** These users are shown otherwise now: by another name or picture. */
  profiled(userIds: readonly UserId[]): void
  /** A private chat without a message appears to a member who has opened it, too. */
  appeared(userId: UserId, chatId: ChatId): void
  /** These sessions are over: their connections end, here and in other processes. */
  ended(userId: UserId, ids: readonly SessionId[]): void
  /** A user is told about their account, on their devices here and in other processes. */
  notify(userId: UserId, notice: AccountNotice): void
  open(viewer: Viewer): Connection
  /** A user has changed settings of notifications: their devices are told, here and in other processes. */
  noticed(userId: UserId, delivery: NoticesChanged): void
  connectionsOf(userId: UserId): number
  /** A user has blocked another one, or no longer. */
  parted(userId: UserId, otherId: UserId, isBlocked: boolean): void
  /** By whom a user is noticed was changed. */
  withdrawn(userId: UserId): void
  /** Looks for what the bus has lost, in few statements. To be called every second or so; a failed poll is made up for by the next. */
  poll(): Promise<void>
  /** Tells of users who are shown otherwise since, best effort. To be called every second or so. */
  announceUsers(): Promise<void>
  /** Forgets who is typing, and who is online in other processes, unless it was repeated. To be called every second or so. */
  sweep(): void
}

export function hub(ports: Needs, missed = MISSED, kept = DETACHED): Hub {
  const { bus, clock } = ports
  const [node, devices] = [ports.newId(), connectedDevices()]
  const failed = () => polled.doubt()
  const circles = liveCircles({ ...ports, devices, onChange: (userId, here) => presence.reconsider(userId, here) })
  const typing = liveTyping(circles)
  const receipts = liveReceipts(ports)
  const states = liveOwn({ ...ports, devices, failed })
  const presence = livePresence({ ...ports, node, isHere: devices.isHere, circles })
  const parts = [typing, receipts, presence] as const
  const hooks: FeedHooks = {
    *readersOf(userId, chatId) {
      for (const device of devices.of(userId)) if (mayBeSeated(device, chatId)) yield device
    },
    unseated: (reader, chatId) => !reader.isDetached && welcome(rooms, reader as Device, chatId),
    unmeasured: (track, userId) => measure(rooms, track, userId),
    passing(track, event) {
      for (const part of parts) part.passing(track, event)
    },
    failed,
    followed(track) {
      bus.follow([chatTopic(track.chatId)])
      presence.wanted(track)
    },
    unfollowed(track) {
      bus.unfollow([chatTopic(track.chatId)])
      for (const part of parts) part.forget(track)
    },
  }
  const following: Feed = feed(ports, hooks)
  const profiles = liveProfiles({ ...ports, devices, feed: following })
  const detached = detachedSeats({ ...ports, feed: following, levelAt: () => polled.polledAt() }, kept)
  const live = { devices, feed: following, receipts, presence, profiles, typing, circles, detached }
  const rooms = { relayed() {}, ...ports, ...live, own: states, node, missed }
  bus.listen(receiving(rooms))

  const seat = (device: Device, chatId: ChatId) => welcome(rooms, device, chatId)
  const polled = polling({ ...ports, feed: following, reads: receipts, states, devices: devices.people, welcome: seat })

  return {
    committed(events) {
      bus.publish(committed(following, events))
    },
    marked(marked) {
      const { receipt, unread, unreadMentions, memberCount, lowest } = marked
      const track = following.tracks.get(receipt.chatId)
      if (track) receipts.receive(track, marked)
      bus.publish([{ topic: chatTopic(receipt.chatId), notice: { type: 'receipt', receipt, unread, unreadMentions, memberCount, lowest } }])
    },
    owned: states.changed,
    profiled: profiles.changed,
    appeared: appearing(rooms, bus),
    ended: ending(devices, bus),
    notify: notifying(devices, bus),
    open: connecting({ ...rooms, levelAt: polled.polledAt }),
    noticed: noticing(devices, bus),
    connectionsOf: (userId) => devices.of(userId).length,
    parted: circles.parted,
    withdrawn: (userId) => circles.changed(userId),
    poll: async () => void (await Promise.all([polled.poll(), circles.refresh()])),
    announceUsers: profiles.announce,
    sweep() {
      typing.sweep(clock())
      for (const part of [presence, detached]) part.sweep()
    },
  }
}

function measure(rooms: Rooms & Pick<Ports, 'chats'>, track: Track, userId: UserId): void {
  rooms.chats.standing(userId, track.chatId).then(
    (standing) => standing && measured(rooms, track, standing),
    () => undefined,
  )
}

/** What was read of a chat: those who may notice each other now hear who is there. */
function measured({ feed, presence, devices }: Rooms, track: Track, standing: Standing): void {
  const wasStrange = track.isStrange
  feed.learn(track, standing)
  if (!wasStrange || track.isStrange || !isOnScreen(track)) return
  presence.shown(track)
  for (const { reader } of track.seats) if (devices.isHere(reader.userId)) presence.came(reader.userId, [track])
}

const appearing =
  (rooms: Parameters<typeof welcome>[0], bus: Bus): Hub['appeared'] =>
  (userId, chatId) => {
    for (const device of rooms.devices.of(userId)) welcome(rooms, device, chatId)
    bus.publish([{ topic: userTopic(userId), notice: { type: 'joined', chatId, userId } }])
  }

const ending =
  (devices: Devices, bus: Bus): Hub['ended'] =>
  (userId, sessionIds) => {
    devices.end(userId, sessionIds, 'session-ended')
    bus.publish([{ topic: userTopic(userId), notice: { type: 'sessions-ended', userId, sessionIds } }])
  }

const notifying =
  (devices: Devices, bus: Bus): Hub['notify'] =>
  (userId, notice) => {
    devices.tell(userId, notice)
    bus.publish([{ topic: userTopic(userId), notice: { type: 'notice', userId, notice } }])
  }

const noticing =
  (devices: Devices, bus: Bus): Hub['noticed'] =>
  (userId, delivery) => {
    devices.deliver(userId, delivery)
    bus.publish([{ topic: userTopic(userId), notice: { type: 'notices', userId, delivery } }])
  }

/** Hands the events of a commit to the feed, chat by chat, and returns what other processes are to know. */
function committed(following: Feed, events: readonly ChatEvent[]): Published[] {
  const published: Published[] = []
  for (const [chatId, some] of byChat(events)) {
    following.receive(chatId, some)
    published.push({ topic: chatTopic(chatId), notice: { type: 'events', chatId, events: some } })
    published.push(...joined(some))
  }
  return published
}

const joined = (events: readonly ChatEvent[]): Published[] =>
  events.flatMap((event) =>
    appearsTo(event).map((userId) => ({ topic: userTopic(userId), notice: { type: 'joined' as const, chatId: event.chatId, userId } })),
  )

/** What processes are told of events that are only committed later: where they are, to be read from the log. */
export const hinted = (events: readonly ChatEvent[]): Published[] => [
  ...[...byChat(events)].map(([chatId, some]) => ({
    topic: chatTopic(chatId),
    notice: { type: 'head' as const, chatId, head: some.at(-1)!.seq },
  })),
  ...joined(events),
]

function byChat(events: readonly ChatEvent[]): Map<ChatId, ChatEvent[]> {
  const chats = new Map<ChatId, ChatEvent[]>()
  for (const event of events) {
    const some = chats.get(event.chatId)
    if (some) some.push(event)
    else chats.set(event.chatId, [event])
  }
  return chats
}
