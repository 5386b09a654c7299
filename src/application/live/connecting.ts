import type { ChatId, Instant, UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { gate } from '../gate.ts'
import { chatTopic, userTopic } from '../ports/bus.ts'
import type { Ports } from '../ports/ports.ts'
import type { Standing } from '../ports/views.ts'
import { digestOf, writeAsOf } from './as-of.ts'
import type { Connection, Joined, Viewer } from './connection.ts'
import { type Device } from './device.ts'
import type { LiveOwn } from './own.ts'
import { PRESENCE_MEMBERS } from './presence.ts'
import { headsOf, type MissedLimits, RESUMES_AT_ONCE, resume } from './resume.ts'
import { type Rooms, requireMember, tracksOf, welcome } from './seating.ts'
import { isPlaced, type Reader, type Seat } from './tracks.ts'
import type { Typing } from './typing.ts'

/** Readers, and users who are typing, in the answer to a join, at most. */
const SHOWN = 100
const NO_SEATS: Device['seats'] = new Map()

interface Needs extends Rooms, Pick<Ports, 'log' | 'chats' | 'consents' | 'bus' | 'clock'> {
  readonly node: string
  readonly typing: Typing
  readonly own: LiveOwn
  readonly missed: MissedLimits
  /** What was committed before this time, connections that were live by then have. */
  readonly levelAt: () => Instant
}
type Abilities = Connection & Pick<Reader, 'deliver'> & ThisType<Device>

/** Opens connections. All of them share one set of functions, since there are many. */
export function connecting(needs: Needs): (viewer: Viewer) => Connection {
  const { bus, clock, devices, node } = needs
  const abilities = abilitiesOf(needs)
  return (viewer) => {
    const { userId, deviceId } = viewer
    devices.replace(userId, deviceId)
    const device: Device & Connection = Object.assign(Object.create(abilities) as typeof abilities, {
      viewer,
      userId,
      stage: 'open' as const,
      seats: NO_SEATS,
      onScreen: undefined,
      level: undefined,
      joined: undefined,
      own: undefined,
    })
    const at = clock()
    if (devices.add(device, at)) bus.follow([userTopic(userId)])
    if (deviceId !== undefined) bus.publish([{ topic: userTopic(userId), notice: { type: 'replaced', userId, deviceId, node, at } }])
    return device
  }
}

function abilitiesOf(needs: Needs): Abilities {
  const { bus, clock, feed, typing, levelAt } = needs
  const resumeOf = resuming(needs)
  return {
    deliver(delivery) {
      try {
        this.viewer.deliver(delivery)
      } catch {
        // The other readers are to receive theirs all the same.
        this.viewer.end('failed')
      }
    },
    resume(from) {
      return resumeOf(this, from)
    },
    join(chatId) {
      return join(needs, this, chatId)
    },
    async leave(chatId, isMuted) {
      const seat = await requireMember(needs, this, chatId)
      this.onScreen?.delete(chatId)
      if (seat) Object.assign(seat, { isOnScreen: false, isMuted })
    },
    async typing(chatId, isActive) {
      const seat = await requireMember(needs, this, chatId)
      if (!seat || !typing.send(seat, isActive, clock())) return
      const notice = { type: 'typing', chatId, userId: this.userId, active: isActive, asOf: seat.track.memberSeq } as const
      bus.publish([{ topic: chatTopic(chatId), notice }])
    },
    heads(since) {
      return headsOf(this, since)
    },
    asOf() {
      const { level, seats } = this
      if (!level || !isLevel(seats)) return undefined
      return writeAsOf({ epoch: level.epoch, at: Math.max(level.at, levelAt()), chats: digestOf(seats.keys()) })
    },
    close() {
      if (this.stage === 'closed') return
      close(needs, this)
      for (const seat of this.seats.values()) feed.dismiss(seat)
    },
  }
}

/** Whether the device has all that is known of its chats. While it is being given some, nobody can say where it stands. */
function isLevel(seats: Device['seats']): boolean {
  for (const { position, track } of seats.values()) if (!Number.isFinite(position) || position < (track.head ?? position)) return false
  return true
}

/** Resumes a device: some at a time, the others wait with their connections alive. */
function resuming(needs: Needs): (device: Device, from: Parameters<Connection['resume']>[0]) => ReturnType<Connection['resume']> {
  const { circles, devices, feed, own, presence } = needs
  const inTurn = gate({ places: RESUMES_AT_ONCE })
  return async (device, from) => {
    if (device.stage !== 'open') throw new Refusal('already-resumed')
    device.stage = 'resuming'
    const both = () => Promise.all([resume(needs, device, from), circles.learn(device.userId)])
    const [resumed] = await inTurn(both).catch((error: unknown) => {
      for (const seat of device.seats.values()) feed.dismiss(seat)
      if (device.stage === 'resuming') device.stage = 'open'
      throw error
    })
    if (device.stage !== 'resuming') return resumed
    const isFirst = !devices.isHere(device.userId)
    device.stage = 'live'
    for (const chatId of device.joined ?? []) welcome(needs, device, chatId)
    device.joined = undefined
    for (const standing of resumed.standings) own.recheck(device, standing)
    if (isFirst) presence.came(device.userId, tracksOf(device))
    for (const seat of device.seats.values()) if (seat.isOnScreen) presence.shown(seat.track)
    return resumed
  }
}

async function join(needs: Needs, device: Device, chatId: ChatId): Promise<Joined> {
  const { chats, presence, typing, circles } = needs
  const seat = await requireMember(needs, device, chatId)
  device.onScreen ??= new Set()
  device.onScreen.add(chatId)
  if (seat) {
    Object.assign(seat, { isOnScreen: true, isMuted: false })
    presence.shown(seat.track)
  }
  const [readers, standing] = await Promise.all([chats.readMarks(chatId, SHOWN), chats.standing(device.userId, chatId)])
  if (!standing) throw new Refusal('chat-not-found', { chatId })
  const userIds = readers.map(({ userId }) => userId)
  if (seat) await acquaint(needs, seat, { standing, userIds })
  const isShown = standing.memberCount <= PRESENCE_MEMBERS && seat?.track.isStrange === false
  const online = isShown ? presence.onlineFor(device, userIds) : []
  const others = typing.in(chatId).filter((userId) => userId !== device.userId && circles.areTogether(device.userId, userId))
  return { head: seat && isPlaced(seat) ? seat.position : standing.headSeq, readers, online, typing: others.slice(0, SHOWN) }
}

/** Whoever shares a group may notice each other in their private chat before both have written in it. */
async function acquaint(
  { consents, feed }: Needs,
  { reader, track }: Seat,
  { standing, userIds }: { readonly standing: Standing; readonly userIds: readonly UserId[] },
): Promise<void> {
  feed.learn(track, standing)
  const partner = userIds.find((userId) => userId !== reader.userId)
  if (track.isStrange && partner !== undefined && (await consents.areKnown(reader.userId, partner))) track.isStrange = false
}

function close({ bus, devices, presence }: Needs, device: Device): void {
  const { userId } = device
  const wasLive = device.stage === 'live'
  const tracks = tracksOf(device)
  device.stage = 'closed'
  if (devices.remove(device)) bus.unfollow([userTopic(userId)])
  if (wasLive && !devices.isHere(userId)) presence.went(userId, tracks)
  presence.closed(device)
}
