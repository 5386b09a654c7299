import type { ChatEvent } from '../../domain/event.ts'
import type { ChatId, SessionId, UserId } from '../../domain/ids.ts'
import { joinersOf } from '../../domain/kinds/kinds.ts'
import { Refusal } from '../../domain/refusal.ts'
import { gate } from '../gate.ts'
import { type BusMessage, chatTopic, type Published, type Topic, userTopic } from '../ports/bus.ts'
import type { Ports } from '../ports/ports.ts'
import type { Marked } from '../ports/receipts.ts'
import type { Standing } from '../ports/views.ts'
import type { Connection, Joined, Viewer } from './connection.ts'
import { connectedDevices } from './devices.ts'
import { type Feed, feed, type Reader, type Seat, type Track } from './feed.ts'
import { polling } from './poll.ts'
import { PRESENCE_MEMBERS, toldPresence } from './presence.ts'
import { toldReceipts } from './receipts.ts'
import { type Device, headsOf, MISSED, RESUMES_AT_ONCE, resume } from './resume.ts'
import { typing } from './typing.ts'

const SHOWN = 100
const NO_SEATS: Device['seats'] = new Map()

type Needs = Pick<Ports, 'log' | 'chats' | 'receipts' | 'sessions' | 'bus' | 'clock' | 'newId' | 'later'>

/** Everybody who is connected to this process, and what they are told. */
export interface Hub {
  /** Hears of every commit of this process. */
  committed(events: readonly ChatEvent[]): void
  /** A mark of a local user has moved. */
  marked(marked: Marked): void
  /** These sessions are over: their connections end, here and elsewhere. */
  ended(userId: UserId, ids: readonly SessionId[]): void
  open(viewer: Viewer): Connection
  connectionsOf(userId: UserId): number
  /** Looks for what the bus has lost, in few statements; to be called every second or so. A poll that fails is made up for by the next. */
  poll(): Promise<void>
  /** Forgets who types and who is online elsewhere when they do not say so again; to be called every second or so. */
  sweep(): void
}

export function hub(ports: Needs, missed = MISSED): Hub {
  const { chats, bus, clock, newId } = ports
  const node = newId()
  const devices = connectedDevices()
  const { isHere } = devices
  const inTurn = gate({ places: RESUMES_AT_ONCE })
  const typists = typing()
  const reads = toldReceipts(ports)
  const there = toldPresence({ ...ports, node, isHere })

  const following: Feed = feed(ports, {
    *readersOf(userId, chatId): Iterable<Reader> {
      for (const device of devices.of(userId)) if (isLive(device, chatId)) yield device
    },
    outdated: (reader, chatId) => welcome(reader as Device, chatId),
    unmeasured(track, userId) {
      const learn = (standing: Standing | undefined) => standing && following.learn(track, standing)
      chats.standing(userId, track.chatId).then(learn, () => undefined)
    },
    passing(track, event) {
      typists.passing(track, event)
      reads.passing(track, event)
      there.passing(track, event)
    },
    followed(track) {
      bus.follow([chatTopic(track.chatId)])
      there.wanted(track)
    },
    unfollowed(track) {
      bus.unfollow([chatTopic(track.chatId)])
      typists.forget(track)
      reads.forget(track)
      there.forget(track)
    },
  })

  bus.listen(heard)

  function heard(_topic: Topic, notice: BusMessage): void {
    switch (notice.type) {
      case 'events':
        return following.hear(notice.chatId, notice.events)
      case 'head':
        return void following.hint(notice.chatId, notice.head).catch(() => undefined)
      case 'joined':
        for (const device of devices.of(notice.userId)) welcome(device, notice.chatId)
        return
      case 'sessions-ended':
        return devices.end(notice.userId, notice.sessionIds, 'session-ended')
      case 'replaced':
        if (notice.node !== node) devices.replace(notice.userId, notice.deviceId, notice.at)
        return
      case 'receipt':
        return withTrack(notice.receipt.chatId, (track) => reads.hear(track, notice))
      case 'typing':
        return withTrack(notice.chatId, (track) => typists.hear(track, notice.userId, notice.active, notice.asOf, clock()))
      case 'who-is-there':
        return withTrack(notice.chatId, there.asked)
      case 'presence':
        return withTrack(notice.chatId, (track) => there.hear(track, notice))
    }
  }

  /** What concerns a chat that nobody here follows concerns nobody here. */
  function withTrack(chatId: ChatId, use: (track: Track) => void): void {
    const track = following.tracks.get(chatId)
    if (track) use(track)
  }

  /** Is a device to be seated by what happens. One that is still resuming is seated afterwards. */
  function isLive(device: Device, chatId: ChatId): boolean {
    if (device.stage === 'resuming' && !device.seats.has(chatId)) (device.joined ??= new Set()).add(chatId)
    return device.stage === 'live'
  }

  /** Seats a device in a chat that has become its person's, unless it has a seat. */
  function welcome(device: Device, chatId: ChatId): void {
    if (!isLive(device, chatId) || device.seats.has(chatId)) return
    const seat = following.enter(device, chatId)
    settle(seat).catch(() => following.dismiss(seat))
  }

  async function settle(seat: Seat): Promise<void> {
    const standing = await chats.standing(seat.reader.userId, seat.track.chatId)
    if (!standing) return following.dismiss(seat)
    following.learn(seat.track, standing)
    await following.place(seat, standing.joinedSeq - 1, standing)
    reads.catchUp(seat, clock())
    if (isHere(seat.reader.userId)) there.came(seat.reader.userId, [seat.track])
    if (seat.isOnScreen) there.shown(seat.track)
  }

  const tracksOf = (device: Device): Track[] => [...device.seats.values()].map(({ track }) => track)

  async function requireMember(device: Device, chatId: ChatId): Promise<Seat | undefined> {
    const seat = device.seats.get(chatId)
    if (seat && Number.isFinite(seat.position)) return seat
    if (!(await chats.standing(device.userId, chatId))) throw new Refusal('chat-not-found', { chatId })
    welcome(device, chatId)
    return device.seats.get(chatId)
  }

  async function join(device: Device, chatId: ChatId): Promise<Joined> {
    const seat = await requireMember(device, chatId)
    device.onScreen ??= new Set()
    device.onScreen.add(chatId)
    if (seat) {
      Object.assign(seat, { isOnScreen: true, isMuted: false })
      there.shown(seat.track)
    }
    const [readers, standing] = await Promise.all([chats.readMarks(chatId, SHOWN), chats.standing(device.userId, chatId)])
    if (!standing) throw new Refusal('chat-not-found', { chatId })
    const everybody = readers.map(({ userId }) => userId)
    const online = standing.memberCount > PRESENCE_MEMBERS ? [] : there.onlineFor(device, everybody)
    const head = seat && Number.isFinite(seat.position) ? seat.position : standing.headSeq
    const others = typists.in(chatId).filter((userId) => userId !== device.userId)
    return { head, readers, online, typing: others.slice(0, SHOWN) }
  }

  /** What every connection can do. There are many connections, so they share it. */
  const abilities: Connection & Pick<Reader, 'deliver'> & ThisType<Device> = {
    deliver(delivery) {
      try {
        this.viewer.deliver(delivery)
      } catch {
        // The others are to be handed theirs all the same.
        this.viewer.end('failed')
      }
    },
    async resume(from) {
      if (this.stage !== 'open') throw new Refusal('already-resumed')
      this.stage = 'resuming'
      const resumed = await inTurn(() => resume({ ...ports, feed: following, reads, missed }, this, from)).catch((error: unknown) => {
        for (const seat of this.seats.values()) following.dismiss(seat)
        if (this.stage === 'resuming') this.stage = 'open'
        throw error
      })
      if (this.stage !== 'resuming') return resumed
      const isFirst = !isHere(this.userId)
      this.stage = 'live'
      for (const chatId of this.joined ?? []) welcome(this, chatId)
      this.joined = undefined
      if (isFirst) there.came(this.userId, tracksOf(this))
      for (const seat of this.seats.values()) if (seat.isOnScreen) there.shown(seat.track)
      return resumed
    },
    join(chatId) {
      return join(this, chatId)
    },
    async leave(chatId, isMuted) {
      const seat = await requireMember(this, chatId)
      this.onScreen?.delete(chatId)
      if (seat) Object.assign(seat, { isOnScreen: false, isMuted })
    },
    async typing(chatId, isActive) {
      const seat = await requireMember(this, chatId)
      if (!seat || !typists.say(seat, isActive, clock())) return
      const notice = { type: 'typing', chatId, userId: this.userId, active: isActive, asOf: seat.track.memberSeq } as const
      bus.publish([{ topic: chatTopic(chatId), notice }])
    },
    heads(since) {
      return headsOf(this, since)
    },
    close() {
      if (this.stage === 'closed') return
      const { userId } = this
      const wasLive = this.stage === 'live'
      const tracks = tracksOf(this)
      this.stage = 'closed'
      if (devices.remove(this)) bus.unfollow([userTopic(userId)])
      if (wasLive && !isHere(userId)) there.went(userId, tracks)
      there.closed(this)
      for (const seat of this.seats.values()) following.dismiss(seat)
    },
  }

  function open(viewer: Viewer): Connection {
    const { userId, deviceId } = viewer
    devices.replace(userId, deviceId)
    const device: Device & Connection = Object.assign(Object.create(abilities) as typeof abilities, {
      viewer,
      userId,
      stage: 'open' as const,
      seats: NO_SEATS,
      onScreen: undefined,
      joined: undefined,
    })
    const at = clock()
    if (devices.add(device, at)) bus.follow([userTopic(userId)])
    if (deviceId !== undefined) bus.publish([{ topic: userTopic(userId), notice: { type: 'replaced', userId, deviceId, node, at } }])
    return device
  }

  return {
    committed(events) {
      const notices: Published[] = []
      for (const [chatId, some] of byChat(events)) {
        following.hear(chatId, some)
        notices.push({ topic: chatTopic(chatId), notice: { type: 'events', chatId, events: some } })
        for (const event of some)
          for (const userId of joinersOf(event)) notices.push({ topic: userTopic(userId), notice: { type: 'joined', chatId, userId } })
      }
      bus.publish(notices)
    },
    marked(marked) {
      const { receipt, unread, memberCount, lowest } = marked
      withTrack(receipt.chatId, (track) => reads.hear(track, marked))
      bus.publish([{ topic: chatTopic(receipt.chatId), notice: { type: 'receipt', receipt, unread, memberCount, lowest } }])
    },
    ended(userId, ids) {
      devices.end(userId, ids, 'session-ended')
      bus.publish([{ topic: userTopic(userId), notice: { type: 'sessions-ended', userId, sessionIds: ids } }])
    },
    open,
    connectionsOf: (userId) => devices.of(userId).length,
    poll: polling({ ...ports, feed: following, reads, devices: devices.people, welcome }),
    sweep() {
      typists.sweep(clock())
      there.sweep()
    },
  }
}

function byChat(events: readonly ChatEvent[]): Map<ChatId, ChatEvent[]> {
  const chats = new Map<ChatId, ChatEvent[]>()
  for (const event of events) {
    const some = chats.get(event.chatId)
    if (some) some.push(event)
    else chats.set(event.chatId, [event])
  }
  return chats
}
