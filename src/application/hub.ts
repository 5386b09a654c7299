import type { ChatEvent } from '../domain/event.ts'
import { joinersOf } from '../domain/event.ts'
import type { ChatId, SessionId, UserId } from '../domain/ids.ts'
import { Refusal } from '../domain/refusal.ts'
import { chatTopic, type Notice, type Told, type Topic, userTopic } from './bus.ts'
import type { Caller } from './chat-api.ts'
import type { Connection, Ending, Joined, Viewer } from './connection.ts'
import { type Feed, feed, type Reader, type Seat, type Track } from './feed.ts'
import { gate } from './gate.ts'
import { polling } from './poll.ts'
import type { Marked, Ports } from './ports.ts'
import { BELIEVED_FOR, presence } from './presence.ts'
import { type Device, headsOf, RESUMES_AT_ONCE, resume } from './resume.ts'
import { PRESENCE_MEMBERS, toldPresence } from './told-presence.ts'
import { toldReceipts } from './told-receipts.ts'
import { TYPING_FOR, typing } from './typing.ts'

const SHOWN = 100
const NO_SEATS: Device['seats'] = new Map()

type Needs = Pick<Ports, 'log' | 'chats' | 'receipts' | 'sessions' | 'bus' | 'clock' | 'newId' | 'later'>

/** Everybody who is connected to this process, and what they are told. */
export interface Hub {
  /** Hears of every commit of this process. */
  committed(events: readonly ChatEvent[]): void
  marked(caller: Caller, marked: Marked): void
  /** These sessions are over: their connections end, here and elsewhere. */
  ended(userId: UserId, ids: readonly SessionId[], why: 'ended' | 'deleted'): void
  open(viewer: Viewer): Connection
  connectionsOf(userId: UserId): number
  /** Looks for what the bus has lost, in few statements; to be called every second or so. A poll that fails is made up for by the next. */
  poll(): Promise<void>
  /** Forgets who types and who is online elsewhere when they do not say so again; to be called every second or so. */
  sweep(): void
}

export function hub(ports: Needs): Hub {
  const { chats, bus, clock, newId } = ports
  const node = newId()
  /** Replaced, never changed, so that they can be walked while connections come and go. */
  const devices = new Map<UserId, readonly Device[]>()
  const inTurn = gate(RESUMES_AT_ONCE)
  const devicesOf = (userId: UserId): readonly Device[] => devices.get(userId) ?? []
  /** By resuming one comes: that, and the end of the last device that did, is what others are told. */
  const isHere = (userId: UserId) => devicesOf(userId).some(({ stage }) => stage === 'resuming' || stage === 'live')
  const everybody = presence(isHere)
  const typists = typing()
  const reads = toldReceipts(ports)
  const told = toldPresence(ports, node)
  let saidAt = clock()

  const following: Feed = feed(ports, {
    *readersOf(userId, chatId): Iterable<Reader> {
      for (const device of devicesOf(userId)) if (isLive(device, chatId)) yield device
    },
    passing(track, event) {
      typists.passing(track, event)
      reads.passing(track, event)
    },
    followed: (chatId) => bus.follow([chatTopic(chatId)]),
    unfollowed(track) {
      bus.unfollow([chatTopic(track.chatId)])
      typists.forget(track)
      reads.forget(track)
    },
  })

  bus.listen(heard)

  function heard(_topic: Topic, notice: Notice): void {
    switch (notice.type) {
      case 'events':
        return following.hear(notice.chatId, notice.events)
      case 'head':
        return void following.hint(notice.chatId, notice.head)
      case 'joined':
        for (const device of devicesOf(notice.userId)) welcome(device, notice.chatId)
        return
      case 'sessions-ended':
        return endHere(notice.userId, notice.sessionIds, notice.deleted ? 'person-deleted' : 'session-ended')
      case 'replaced':
        if (notice.node !== node) replace(notice.userId, notice.deviceId)
        return
      case 'receipt':
        return withTrack(notice.receipt.chatId, (track) => reads.hear(track, notice))
      case 'typing':
        return withTrack(notice.chatId, (track) => typists.set(track, notice.userId, notice.until, notice.asOf))
      case 'who-is-there':
        return withTrack(notice.chatId, sayWhoIsThere)
      case 'presence':
        everybody.hear(notice, clock())
        if (notice.online === everybody.isOnline(notice.userId)) withTrack(notice.chatId, (track) => told.heard(track, notice))
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
  }

  /** Tells the chats of a device that its person came or went. */
  function announcePresence({ userId }: Device, tracks: readonly Track[], online: boolean): void {
    const presence = { userId, online, lastSeenAt: clock() }
    told.here(tracks, presence)
    told.elsewhere(tracks, presence)
  }

  /** Everybody of a chat who is connected here, for another process that has it on a screen from now on. */
  function sayWhoIsThere(track: Track): void {
    const lastSeenAt = clock()
    for (const userId of new Set([...track.seats].map(({ reader }) => reader.userId)))
      told.elsewhere([track], { userId, online: true, lastSeenAt })
  }

  const tracksOf = (device: Device): Track[] => [...device.seats.values()].map(({ track }) => track)

  function replace(userId: UserId, deviceId: string | undefined): void {
    if (deviceId === undefined) return
    for (const { viewer } of devicesOf(userId)) if (viewer.deviceId === deviceId) viewer.end('replaced')
  }

  function endHere(userId: UserId, ids: readonly SessionId[], why: Ending): void {
    for (const { viewer } of devicesOf(userId)) if (ids.includes(viewer.sessionId)) viewer.end(why)
  }

  async function requireMember(device: Device, chatId: ChatId): Promise<Seat | undefined> {
    const seat = device.seats.get(chatId)
    if (seat && Number.isFinite(seat.position)) return seat
    if (!(await chats.standing(device.userId, chatId))) throw new Refusal('chat-not-found', { chatId })
    return device.seats.get(chatId)
  }

  async function join(device: Device, chatId: ChatId): Promise<Joined> {
    const seat = await requireMember(device, chatId)
    device.onScreen ??= new Set()
    device.onScreen.add(chatId)
    if (seat && ![...seat.track.seats].some((other) => other.isOnScreen))
      bus.publish([{ topic: chatTopic(chatId), notice: { type: 'who-is-there', chatId } }])
    if (seat) Object.assign(seat, { isOnScreen: true, isMuted: false })
    const [readers, standing] = await Promise.all([chats.readMarks(chatId, SHOWN), chats.standing(device.userId, chatId)])
    if (!standing) throw new Refusal('chat-not-found', { chatId })
    const online = standing.memberCount > PRESENCE_MEMBERS ? [] : readers.map(({ userId }) => userId).filter(everybody.isOnline)
    const head = seat && Number.isFinite(seat.position) ? seat.position : standing.headSeq
    const others = typists.in(chatId).filter((userId) => userId !== device.userId)
    return { head, readers, online, typing: others.slice(0, SHOWN) }
  }

  /** What every connection can do. There are many connections, so they share it. */
  const abilities: Connection & Pick<Reader, 'deliver'> & ThisType<Device> = {
    deliver(delivery) {
      this.viewer.deliver(delivery)
    },
    async resume(from) {
      if (this.stage !== 'open') throw new Refusal('already-resumed')
      this.stage = 'resuming'
      const isFirst = devicesOf(this.userId).every((other) => other === this || other.stage === 'open')
      const resumed = await inTurn(() => resume({ ...ports, feed: following, reads }, this, from)).catch((error: unknown) => {
        for (const seat of this.seats.values()) following.dismiss(seat)
        if (this.stage === 'resuming') this.stage = 'open'
        throw error
      })
      if (this.stage !== 'resuming') return resumed
      this.stage = 'live'
      for (const chatId of this.joined ?? []) welcome(this, chatId)
      this.joined = undefined
      if (isFirst) announcePresence(this, tracksOf(this), true)
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
      if (!seat) return
      const { userId } = this
      const until = isActive ? clock() + TYPING_FOR : undefined
      typists.set(seat.track, userId, until, seat.track.memberSeq)
      const notice = { type: 'typing', chatId, userId, until, asOf: seat.track.memberSeq } as const
      bus.publish([{ topic: chatTopic(chatId), notice }])
    },
    heads(since) {
      return headsOf(this, since)
    },
    close() {
      if (this.stage === 'closed') return
      const { userId } = this
      const wasOpen = this.stage === 'open'
      const tracks = tracksOf(this)
      const others = devicesOf(userId).filter((other) => other !== this)
      this.stage = 'closed'
      if (others.length > 0) devices.set(userId, others)
      else {
        devices.delete(userId)
        bus.unfollow([userTopic(userId)])
      }
      if (!wasOpen && !everybody.isOnline(userId)) announcePresence(this, tracks, false)
      for (const seat of this.seats.values()) following.dismiss(seat)
    },
  }

  function open(viewer: Viewer): Connection {
    const { userId, deviceId } = viewer
    replace(userId, deviceId)
    const device: Device & Connection = Object.assign(Object.create(abilities) as typeof abilities, {
      viewer,
      userId,
      stage: 'open' as const,
      seats: NO_SEATS,
      onScreen: undefined,
      joined: undefined,
    })
    if (!devices.has(userId)) bus.follow([userTopic(userId)])
    // Of the right length: a list that has grown keeps room for sixteen more.
    devices.set(userId, devicesOf(userId).concat(device))
    if (deviceId !== undefined) bus.publish([{ topic: userTopic(userId), notice: { type: 'replaced', userId, deviceId, node } }])
    return device
  }

  return {
    committed(events) {
      const notices: Told[] = []
      for (const [chatId, some] of byChat(events)) {
        following.hear(chatId, some)
        notices.push({ topic: chatTopic(chatId), notice: { type: 'events', chatId, events: some } })
        for (const event of some)
          for (const userId of joinersOf(event))
            notices.push({ topic: userTopic(userId), notice: { type: 'joined', chatId, userId, seq: event.seq } })
      }
      bus.publish(notices)
    },
    marked(_caller, marked) {
      const { receipt, unread, memberCount, lowest } = marked
      withTrack(receipt.chatId, (track) => reads.hear(track, marked))
      bus.publish([{ topic: chatTopic(receipt.chatId), notice: { type: 'receipt', receipt, unread, memberCount, lowest } }])
    },
    ended(userId, ids, why) {
      endHere(userId, ids, why === 'deleted' ? 'person-deleted' : 'session-ended')
      bus.publish([{ topic: userTopic(userId), notice: { type: 'sessions-ended', userId, sessionIds: ids, deleted: why === 'deleted' } }])
    },
    open,
    connectionsOf: (userId) => devicesOf(userId).length,
    poll: polling({ ...ports, feed: following, reads, devices, welcome }),
    sweep() {
      const now = clock()
      typists.sweep(now)
      for (const userId of everybody.sweep(now)) told.here(following.tracks.values(), { userId, online: false, lastSeenAt: undefined })
      if (now - saidAt < BELIEVED_FOR / 3) return
      saidAt = now
      for (const some of devices.values())
        for (const device of some)
          if (device.stage === 'live') told.elsewhere(tracksOf(device), { userId: device.userId, online: true, lastSeenAt: now })
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
