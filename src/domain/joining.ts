import { GROUP_LIMIT } from './chat.ts'
import { type ChatState, type Decision, happened, look, nothing, timeIn } from './decision.ts'
import { enter } from './entering.ts'
import type { Person } from './identity.ts'
import type { ChatId, Instant, UserId } from './ids.ts'
import { type Invitation, isGood } from './invitation.ts'
import type { Member } from './member.ts'
import { asMemberOfGroup, requireRole } from './membership.ts'
import { Refusal } from './refusal.ts'
import { atLeast } from './rules.ts'

/** Returns the member who invites people to the group. Refuses whoever may not. */
export function requireInviting(state: ChatState, userId: UserId): Member {
  const { chat, me } = asMemberOfGroup(state, userId)
  if (me.person.kind === 'guest') throw new Refusal('not-allowed', { requires: ['account'] })
  requireRole(me, atLeast[chat.rules.invite])
  return me
}

/** Refuses an invitation that lets nobody in any more. */
export function requireGood(state: ChatState, invitation: Invitation, now: Instant): void {
  const maker = look(state.members, invitation.createdBy)
  const mayInvite = maker && atLeast[state.chat!.rules.invite].includes(maker.role)
  if (!isGood(invitation, now) || !mayInvite) throw new Refusal('invitation-not-found')
}

export function joiner(state: ChatState, userId: UserId): Person {
  const person = look(state.people, userId)
  if (!person || person.kind === 'system') throw new Refusal('unauthenticated')
  return person
}

export interface Joining {
  readonly userId: UserId
  /** As it was found by its code; the scope names it, its maker and the user. */
  readonly invitation: Pick<Invitation, 'id' | 'createdBy'>
  readonly limit?: number | undefined
  readonly at: Instant
}

/**
 * Lets a user in by an invitation that needs no approval, and counts it. A member's own repeat uses nothing. An invitation is good until it has expired, was used up or
 * revoked, or its maker may no longer invite.
 */
export function join(state: ChatState, { userId, invitation, limit = GROUP_LIMIT, at }: Joining): Decision<ChatId> {
  const { chat } = state
  const known = look(state.invitations, invitation.id)
  if (!chat || !known) throw new Refusal('invitation-not-found')
  if (look(state.members, userId)) return nothing(chat.id)
  const now = timeIn(chat, at)
  requireGood(state, known, now)
  if (known.needsApproval) throw new Refusal('must-ask')
  const person = joiner(state, userId)
  const used = { id: known.id, used: known.used + 1 }
  const entered = enter(state, { actorId: userId, people: [person], invitation: used, now })
  if (chat.memberCount >= limit) throw new Refusal('group-full', { limit })
  return happened(chat, at, entered, chat.id)
}
