import type { ChatId, Duration, UserId } from '../../domain/ids.ts'
import { userTopic } from '../ports/bus.ts'
import type { Owned } from '../ports/own.ts'
import type { Ports } from '../ports/ports.ts'
import type { Standing } from '../ports/views.ts'
import type { Device } from './device.ts'
import type { Devices } from './devices.ts'
import { mark } from './tracks.ts'

/** How long a state waits for the events before it, at most. */
const LOOK_AGAIN: Duration = 100
const LOOKS = 50

/** Delivers a user's own state of a chat to the user's devices: the latest, once, in its place among the events of the chat. */
export interface LiveOwn {
  /** A state that was changed in this process. */
  changed(owned: Owned): void
  /** A state that may be known already: from another process or the store. */
  receive(owned: Owned): void
  /** Asks the store again if the device received events after the store was read. */
  recheck(device: Device, standing: Standing): void
}

/** Whether the next message changes it. */
const endsWithMessage = ({ me }: Pick<Owned, 'me'>): boolean => me.isArchived || me.isHidden

/**
 * Where a state that the next message ends stands to what a device has received: `early` and `late` by other events than those
 * that the store knew of.
 */
export function placeOf(device: Device, owned: Pick<Owned, 'chatId' | 'me' | 'head'>): 'early' | 'now' | 'late' {
  const position = device.seats.get(owned.chatId)?.position
  if (position === undefined || position === owned.head || !Number.isFinite(position) || !endsWithMessage(owned)) return 'now'
  return position < owned.head ? 'early' : 'late'
}

interface Needs extends Pick<Ports, 'bus' | 'own' | 'later'> {
  readonly devices: Devices
  /** A state could not be read: the next poll asks for it. */
  readonly failed: () => void
}

export function liveOwn({ bus, devices, own, later, failed }: Needs): LiveOwn {
  function receive(owned: Owned): void {
    for (const device of devices.of(owned.userId)) {
      const track = device.seats.get(owned.chatId)?.track
      if (track) mark(track, owned.at)
      if (device.stage !== 'open' && isNews(device, owned)) deliver(device, owned)
    }
  }

  function deliver(device: Device, owned: Owned, looks = LOOKS): void {
    const place = looks > 0 ? placeOf(device, owned) : 'now'
    if (place === 'late') return again(owned.chatId, owned.userId)
    if (place === 'early') return later(() => isNews(device, owned) && deliver(device, owned, looks - 1), LOOK_AGAIN)
    device.own ??= new Map()
    device.own.set(owned.chatId, owned)
    if (!device.seats.get(owned.chatId)?.isMuted) device.deliver({ type: 'my_chat', chatId: owned.chatId, me: owned.me })
  }

  function again(chatId: ChatId, userId: UserId): void {
    own.get(chatId, userId).then((owned) => owned && receive(owned), failed)
  }

  return {
    receive,
    recheck(device, standing) {
      if (placeOf(device, ownOf(device, standing)) === 'late') again(standing.chatId, device.userId)
    },
    changed(owned) {
      receive(owned)
      bus.publish([{ topic: userTopic(owned.userId), notice: { type: 'own', owned } }])
    },
  }
}

const isNews = ({ own, stage }: Device, { chatId, at }: Owned): boolean => stage !== 'closed' && (own?.get(chatId)?.at ?? 0) < at

/** Returns the later of what the store said and what the device has received since. */
export function ownOf({ userId, own }: Device, { chatId, me, ownAt: at, headSeq: head }: Standing): Owned {
  const received = own?.get(chatId)
  return received && received.at > at ? received : { userId, chatId, me, at, head }
}
