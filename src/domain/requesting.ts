import { type Chat, GROUP_LIMIT } from './chat.ts'
import { type ChatState, type Decision, happened, look, nothing, timeIn } from './decision.ts'
import { enter } from './entering.ts'
import type { Instant, UserId } from './ids.ts'
import type { Invitation } from './invitation.ts'
import { joiner, requireGood } from './joining.ts'
import { STAFF } from './member.ts'
import { asMemberOfGroup, requireRole } from './membership.ts'
import { Refusal } from './refusal.ts'

export interface Asking {
  readonly userId: UserId
  /** As it was found by its code; the scope names it, its maker and the user. */
  readonly invitation: Pick<Invitation, 'id'>
  readonly at: Instant
}

/** Returns the group that a user may ask to be let into, and whether the user is in it. Refuses whoever is banned. */
export function asked(state: ChatState, { userId, invitation, at }: Asking): { readonly chat: Chat; readonly isMember: boolean } {
  const { chat } = state
  const known = look(state.invitations, invitation.id)
  if (!chat || !known) throw new Refusal('invitation-not-found')
  if (look(state.members, userId)) return { chat, isMember: true }
  const now = timeIn(chat, at)
  requireGood(state, known, now)
  enter(state, { actorId: userId, people: [joiner(state, userId)], now })
  return { chat, isMember: false }
}

/** Refuses whoever may not decide on requests. */
export function requireDeciding(state: ChatState, userId: UserId): Chat {
  const { chat, me } = asMemberOfGroup(state, userId)
  requireRole(me, STAFF)
  return chat
}

export interface Acceptance {
  readonly deciderId: UserId
  readonly userId: UserId
  /** Members of a group, at most. */
  readonly limit?: number | undefined
  readonly at: Instant
}

/** Lets in a user who has asked: the user's own will, so neither privacy nor having left for good is in the way. A member stays one. */
export function accept(state: ChatState, { deciderId, userId, limit = GROUP_LIMIT, at }: Acceptance): Decision<undefined> {
  const chat = requireDeciding(state, deciderId)
  if (look(state.members, userId)) return nothing(undefined)
  const person = look(state.people, userId)
  if (!look(state.requests, userId) || !person) throw new Refusal('request-not-found')
  const entered = enter(state, { actorId: deciderId, people: [person], now: timeIn(chat, at) })
  if (chat.memberCount >= limit) throw new Refusal('group-full', { limit })
  return happened(chat, at, entered, undefined)
}
