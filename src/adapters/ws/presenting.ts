import type { Delivery } from '../../application/live/delivery.ts'
import type { UserId } from '../../domain/ids.ts'
import { ownerOf } from '../wire/present/events.ts'
import { presentDelivery } from '../wire/present/frames.ts'
import type { Audience } from '../wire/present/messages.ts'
import { textFrame } from './text-frame.ts'

/** The bytes of a delivery for one user or for all others. */
export interface Form {
  readonly frame: Buffer
  readonly isShared: boolean
}

/** Who gets a form of their own, by type of delivery. One of another type has the same form for all recipients. */
const owners: {
  readonly [T in Delivery['type']]: ((delivery: Extract<Delivery, { type: T }>, recipient: UserId) => UserId | undefined) | null
} = {
  event: ({ event }) => ownerOf(event),
  limited: (_, recipient) => recipient,
  receipt: null,
  typing: null,
  presence: null,
  my_chat: null,
  notice: null,
  reset: null,
  chat_gone: null,
  notices: null,
  blocked: null,
}

/**
 * Returns a function that encodes a delivery for its recipient. It encodes each form once for all recipients in a row who get the same
 * object.
 */
export function presenting(): (delivery: Delivery, recipient: UserId) => Form {
  let last: Delivery | undefined
  let owner: UserId | undefined
  let own: Form | undefined
  let shared: Form | undefined
  const encoded = (delivery: Delivery, audience: Audience): Form => ({
    frame: textFrame(JSON.stringify(presentDelivery(delivery, audience))),
    isShared: audience === 'others',
  })
  return (delivery, recipient) => {
    if (delivery !== last) {
      last = delivery
      owner = owners[delivery.type]?.(delivery as never, recipient)
      own = shared = undefined
    }
    return recipient === owner ? (own ??= encoded(delivery, recipient)) : (shared ??= encoded(delivery, 'others'))
  }
}
