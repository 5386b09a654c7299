import type { AccountNotice } from '../../domain/identity.ts'
import type { Instant, SessionId, UserId } from '../../domain/ids.ts'
import type { Ending } from './connection.ts'
import type { Delivery } from './delivery.ts'
import type { Device } from './device.ts'

/** The users connected to this process, with their devices. */
export interface Devices {
  readonly people: ReadonlyMap<UserId, readonly Device[]>
  of(userId: UserId): readonly Device[]
  /** A user is online from the resume of the first device to the end of the last; other processes are notified of both. */
  isHere(userId: UserId): boolean
  /** Returns whether it is the only device of its user. */
  add(device: Device, at: Instant): boolean
  /** Returns whether it was the last device of its user. */
  remove(device: Device): boolean
  /** Ends connections of a device that were opened before `at`. The bus message may be late and does not concern later ones. */
  replace(userId: UserId, deviceId: string | undefined, at?: Instant): void
  end(userId: UserId, ids: readonly SessionId[], why: Ending): void
  /** Delivers something to every device of a user. */
  deliver(userId: UserId, delivery: Delivery): void
  /** Hands a notice to the devices of a user, except those of the session that it is about. */
  tell(userId: UserId, notice: AccountNotice): void
}

export function connectedDevices(): Devices {
  /** Lists are replaced, never changed, so that a loop over one is safe while connections open and close. */
  const people = new Map<UserId, readonly Device[]>()
  /** A map of its own: of many devices, few give an id. */
  const openedAt = new WeakMap<Device, Instant>()
  const of = (userId: UserId) => people.get(userId) ?? []

  return {
    people,
    of,
    isHere: (userId) => of(userId).some(({ stage }) => stage === 'live'),
    add(device, at) {
      if (device.viewer.deviceId !== undefined) openedAt.set(device, at)
      const others = of(device.userId)
      // Allocated at its exact length: a list that grows reserves room for sixteen more.
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
    deliver(userId, delivery) {
      for (const device of of(userId)) device.deliver(delivery)
    },
    tell(userId, notice) {
      for (const { viewer } of of(userId)) if (viewer.sessionId !== notice.sessionId) viewer.deliver({ type: 'notice', notice })
    },
    end(userId, ids, why) {
      for (const { viewer } of of(userId)) if (ids.includes(viewer.sessionId)) viewer.end(why)
    },
  }
}
