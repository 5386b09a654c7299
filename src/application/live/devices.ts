import type { Instant, SessionId, UserId } from '../../domain/ids.ts'
import type { Ending } from './connection.ts'
import type { Device } from './resume.ts'

/** Who is connected to this process, by which devices. */
export interface Devices {
  readonly people: ReadonlyMap<UserId, readonly Device[]>
  of(userId: UserId): readonly Device[]
  /** Who has resumed is here: the first device that did and the end of the last are what others are told. */
  isHere(userId: UserId): boolean
  /** True when it is the only one of its person. */
  add(device: Device, at: Instant): boolean
  /** True when it was the last one of its person. */
  remove(device: Device): boolean
  /** Ends connections of a device that were opened before `at`: a notice may be late, and says nothing of later ones. */
  replace(userId: UserId, deviceId: string | undefined, at?: Instant): void
  end(userId: UserId, ids: readonly SessionId[], why: Ending): void
}

export function connectedDevices(): Devices {
  /** Lists are replaced, never changed, so that they can be walked while connections come and go. */
  const people = new Map<UserId, readonly Device[]>()
  /** Apart from the devices: few name themselves, and there are many. */
  const openedAt = new WeakMap<Device, Instant>()
  const of = (userId: UserId) => people.get(userId) ?? []

  return {
    people,
    of,
    isHere: (userId) => of(userId).some(({ stage }) => stage === 'live'),
    add(device, at) {
      if (device.viewer.deviceId !== undefined) openedAt.set(device, at)
      const others = of(device.userId)
      // Of the right length: a list that has grown keeps room for sixteen more.
      people.set(device.userId, others.concat(device))
      return others.length === 0
    },
    remove(device) {
      const others = of(device.userId).filter((other) => other !== device)
      if (others.length > 0) people.set(device.userId, others)
      else people.delete(device.userId)
      return others.length === 0
    },
    replace(userId, deviceId, at = Number.POSITIVE_INFINITY) {
      if (deviceId === undefined) return
      for (const device of of(userId)) if (device.viewer.deviceId === deviceId && openedAt.get(device)! < at) device.viewer.end('replaced')
    },
    end(userId, ids, why) {
      for (const { viewer } of of(userId)) if (ids.includes(viewer.sessionId)) viewer.end(why)
    },
  }
}
