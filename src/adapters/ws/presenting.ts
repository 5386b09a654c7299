import type { Delivery } from '../../application/live/delivery.ts'
import type { UserId } from '../../domain/ids.ts'
import { ownedJson, ownerOf } from '../wire/present/events.ts'
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
  user: null,
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
  let json: string | undefined
  let own: Form | undefined
  let shared: Form | undefined
  const jsonFor = (delivery: Delivery, audience: Audience) => JSON.stringify(presentDelivery(delivery, audience))
  /** Of an event only its sender's key differs. */
  function owned(delivery: Delivery, recipient: UserId): Form {
    const text =
      delivery.type === 'event' ? ownedJson((json ??= jsonFor(delivery, 'others')), delivery.event) : jsonFor(delivery, recipient)
    return { frame: textFrame(text), isShared: false }
  }
  return (delivery, recipient) => {
    if (delivery !== last) {
      last = delivery
      owner = owners[delivery.type]?.(delivery as never, recipient)
      json = own = shared = undefined
    }
    if (recipient === owner) return (own ??= owned(delivery, recipient))
    return (shared ??= { frame: textFrame((json ??= jsonFor(delivery, 'others'))), isShared: true })
  }
}
