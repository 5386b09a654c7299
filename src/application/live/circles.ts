import type { Duration, UserId } from '../../domain/ids.ts'
import { userTopic } from '../ports/bus.ts'
import type { Block, Circle } from '../ports/consents.ts'
import type { Ports } from '../ports/ports.ts'
import type { Device } from './device.ts'
import type { Devices } from './devices.ts'

const READ_AGAIN: Duration = 60_000
const AT_ONCE = 500

/** Whom connected users are apart from, and who of them wants to be unnoticed. What is not known yet counts as apart. */
export interface Circles {
  /** Reads the circle of a user, unless it is known. */
  learn(userId: UserId): Promise<void>
  /** Whether there is no block between two users, of whom one is connected. */
  areTogether(one: UserId, other: UserId): boolean
  /** Whether a connected user may be noticed at all. */
  isNoticeable(userId: UserId): boolean
  /** Whom a connected user has blocked. */
  blockedBy(userId: UserId): readonly UserId[]
  /** A circle was changed here: other processes are told. */
  changed(userId: UserId): void
  /** A user has blocked another one, or no longer: the user's devices and other processes are told. */
  parted(userId: UserId, otherId: UserId, isBlocked: boolean): void
  /** A circle was changed in another process. */
  receive(userId: UserId, block?: Block): void
  /** Reads them all again now and then, if anything was committed: the bus may have lost a change. To be called every second or so. */
  refresh(): Promise<void>
}

interface Needs extends Pick<Ports, 'consents' | 'commits' | 'bus' | 'clock'> {
  readonly devices: Pick<Devices, 'of' | 'deliver'>
  /** The circle of a user, whose devices these are, is another one now: presence that was sent may have to be taken back. */
  readonly onChange: (userId: UserId, devices: readonly Device[]) => void
}

interface Known {
  readonly apart: ReadonlySet<UserId>
  readonly blocked: readonly UserId[]
  readonly isHidden: boolean
}
const knownOf = ({ blocked, blockedBy, isHidden }: Circle): Known => ({ apart: new Set([...blocked, ...blockedBy]), blocked, isHidden })

export function liveCircles({ consents, commits, bus, clock, devices, onChange }: Needs): Circles {
  const isConnected = (userId: UserId) => devices.of(userId).length > 0
  /** Undefined until it is read. */
  const known = new Map<UserId, Known | undefined>()
  /** The number of the last read of each user that is under way: what an earlier one answers is out of date. */
  const latest = new Map<UserId, number>()
  const learning = new Map<UserId, Promise<void>>()
  let readAt = clock()
  let readMark: string | undefined
  let reads = 0

  async function read(userIds: readonly UserId[]): Promise<void> {
    const mine = ++reads
    for (const userId of userIds) latest.set(userId, mine)
    const isLatest = (userId: UserId) => latest.get(userId) === mine
    try {
      for (const [userId, circle] of await consents.circles(userIds)) {
        if (!isConnected(userId) || !isLatest(userId)) continue
        known.set(userId, knownOf(circle))
        onChange(userId, devices.of(userId))
      }
    } finally {
      for (const userId of userIds) if (isLatest(userId)) latest.delete(userId)
    }
  }

  function again(userId: UserId, block?: Block): void {
    if (!isConnected(userId)) return
    if (block) devices.deliver(userId, { type: 'blocked', ...block })
    known.set(userId, undefined)
    // If it cannot be read, the next refresh tries again.
    read([userId]).catch(() => undefined)
  }

  function changed(userId: UserId, block?: Block): void {
    again(userId, block)
    bus.publish([{ topic: userTopic(userId), notice: { type: 'circle', userId, block } }])
  }

  const areApart = (one: UserId, other: UserId) => known.get(one)?.apart.has(other)

  return {
    async learn(userId) {
      if (known.get(userId)) return
      const reading = learning.get(userId) ?? read([userId]).finally(() => learning.delete(userId))
      learning.set(userId, reading)
      await reading
    },
    areTogether: (one, other) => !(areApart(one, other) ?? areApart(other, one) ?? true),
    isNoticeable: (userId) => known.get(userId)?.isHidden === false,
    blockedBy: (userId) => known.get(userId)?.blocked ?? [],
    changed,
    parted(userId, otherId, isBlocked) {
      changed(userId, { userId: otherId, isBlocked })
      changed(otherId)
    },
    receive: again,
    async refresh() {
      const now = clock()
      for (const userId of known.keys()) if (!isConnected(userId)) known.delete(userId)
      const isTime = now - readAt >= READ_AGAIN
      if (isTime) readAt = now
      const mark = isTime ? await commits?.stamp() : undefined
      const isWhole = isTime && (mark === undefined || mark !== readMark)
      const all = [...known].filter(([, circle]) => isWhole || !circle).map(([userId]) => userId)
      for (let i = 0; i < all.length; i += AT_ONCE) await read(all.slice(i, i + AT_ONCE))
      if (isWhole) readMark = mark
    },
  }
}
