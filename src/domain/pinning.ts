import { type ChatState, type Decision, happened, look, nothing } from './decision.ts'
import { requireUnblocked } from './guard.ts'
import type { Instant, MessageId, UserId } from './ids.ts'
import { STAFF } from './member.ts'
import { asMember, requireRole, undeleted } from './membership.ts'
import { ALL_PINS, PIN_LIMIT } from './pin.ts'
import { Refusal } from './refusal.ts'

export interface Pinning {
  readonly userId: UserId
  readonly messageId: MessageId
  readonly at: Instant
}

/** Pins a message. Pinning it again changes nothing. */
export const pin = (state: ChatState, command: Pinning): Decision<undefined> => decide(state, command, 'message.pinned')

/** Unpins a message. Unpinning it again changes nothing. */
export const unpin = (state: ChatState, command: Pinning): Decision<undefined> => decide(state, command, 'message.unpinned')

function decide(state: ChatState, { userId, messageId, at }: Pinning, type: 'message.pinned' | 'message.unpinned'): Decision<undefined> {
  const { chat, me } = asMember(state, userId)
  const message = undeleted(state, messageId, () => chat.kind === 'group' && requireRole(me, STAFF))
  const pins = look(state.pins, ALL_PINS) ?? []
  const isPinned = pins.some((known) => known.messageId === messageId)
  if (isPinned === (type === 'message.pinned')) return nothing(undefined)
  requireUnblocked(chat)
  if (!isPinned && pins.length >= PIN_LIMIT) throw new Refusal('pins-full', { limit: PIN_LIMIT })
  return happened(chat, at, [{ type, actorId: userId, messageId, messageSeq: message.seq }], undefined)
}
