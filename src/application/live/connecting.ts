import type { ChatId, Instant, UserId } from '../../domain/ids.ts'
import { isRefusal, Refusal } from '../../domain/refusal.ts'
import { gate } from '../gate.ts'
import { chatTopic, userTopic } from '../ports/bus.ts'
import type { Ports } from '../ports/ports.ts'
import type { Standing } from '../ports/views.ts'
import { unwatched } from '../ports/watch.ts'
import { writeAsOf } from './as-of.ts'
import type { Connection, Joined, Viewer } from './connection.ts'
import { type Device } from './device.ts'
import type { LiveOwn } from './own.ts'
import { PRESENCE_MEMBERS } from './presence.ts'
import { headsOf, type MissedLimits, RESUMES_AT_ONCE, resume } from './resume.ts'
import { type Rooms, requireMember, tracksOf, welcome } from './seating.ts'
import { chatsOf, isLevel, isPlaced, type Reader, type Seat } from './tracks.ts'
import type { Typing } from './typing.ts'

/** Readers, and users who are typing, in the answer to a join, at most. */
const SHOWN = 100
const NO_SEATS: Device['seats'] = new Map()

interface Needs extends Rooms, Pick<Ports, 'log' | 'chats' | 'consents' | 'bus' | 'clock' | 'watch'> {
  readonly node: string
  readonly typing: Typing
  readonly own: LiveOwn
  readonly missed: MissedLimits
  /** What was committed before this time, connections that were live by then have. */
  readonly levelAt: () => Instant
}
type Abilities = Connection & Pick<Reader, 'deliver' | 'isDetached'> & ThisType<Device>

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
      digest: undefined,
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
  const { bus, clock, detached, feed, typing, levelAt } = needs
  const resumeOf = watched(needs, resuming(needs))
  return {
    isDetached: false,
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
      if (!level || !isLevel(seats.values())) return undefined
      return writeAsOf({ epoch: level.epoch, at: Math.max(level.at, levelAt()), chats: chatsOf(this) })
    },
    close() {
      if (this.stage === 'closed') return
      const wasLive = this.stage === 'live'
      close(needs, this)
      if (wasLive && detached.keep(this)) return
      for (const seat of this.seats.values()) feed.dismiss(seat)
    },
  }
}

type Resume = (device: Device, from: Parameters<Connection['resume']>[0]) => ReturnType<Connection['resume']>

function watched({ watch }: Needs, resumeOf: Resume): Resume {
  const { onResumed } = { ...unwatched, ...watch }
  return async (device, from) => {
    try {
      const resumed = await resumeOf(device, from)
      const isOther = from.epoch !== undefined && from.epoch !== resumed.epoch
      onResumed(device.stage !== 'live' ? 'closed' : isOther ? 'reset' : resumed.isWhole ? 'whole' : 'moved')
      return resumed
    } catch (error) {
      onResumed(isRefusal(error) ? error.code : 'defect')
      throw error
    }
  }
}

/** Resumes a device: some at a time, the others wait with their connections alive. */
function resuming(needs: Needs): Resume {
  const { circles, devices, feed, own, presence } = needs
  const inTurn = gate({ places: RESUMES_AT_ONCE })
  return async (device, from) => {
    if (device.stage !== 'open') throw new Refusal('already-resumed')
    device.stage = 'resuming'
    const resumed = await inTurn(() => toTheirEnds(resume(needs, device, from), circles.learn(device.userId))).catch((error: unknown) => {
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
    for (const chatId of device.onScreen ?? []) if (device.seats.get(chatId)?.isOnScreen) presence.shown(device.seats.get(chatId)!.track)
    return resumed
  }
}

/** Also where one fails: a resume that went on would seat a device that resumes anew. */
async function toTheirEnds<T>(resumed: Promise<T>, learned: Promise<void>): Promise<T> {
  await Promise.allSettled([resumed, learned])
  await learned
  return resumed
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
