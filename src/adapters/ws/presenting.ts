import type { Delivery } from '../../application/live/delivery.ts'
import type { UserId } from '../../domain/ids.ts'
import { ownerOf } from '../wire/present.ts'
import { presentDelivery } from '../wire/present-frames.ts'
import { textFrame } from './text-frame.ts'

/** Makes the bytes of what is delivered, once for all who are handed the same object one after another. */
export interface Presenting {
  /** Does this viewer see it in a form of their own. */
  isOwn(delivery: Delivery, viewer: UserId): boolean
  frameOf(delivery: Delivery, viewer: UserId | 'others'): Buffer
}

export function presenting(): Presenting {
  let last: Delivery | undefined
  let toOthers: Buffer | undefined
  let toOwner: Buffer | undefined
  const made = (delivery: Delivery, viewer: UserId | 'others') => textFrame(JSON.stringify(presentDelivery(delivery, viewer)))
  return {
    isOwn: (delivery, viewer) => (delivery.type === 'event' ? ownerOf(delivery.event) === viewer : delivery.type === 'limited'),
    frameOf(delivery, viewer) {
      if (delivery !== last) {
        last = delivery
        toOthers = toOwner = undefined
      }
      if (viewer === 'others') return (toOthers ??= made(delivery, viewer))
      if (delivery.type !== 'event') return made(delivery, viewer)
      return (toOwner ??= made(delivery, viewer))
    },
  }
}
