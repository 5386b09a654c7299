import { isInForce } from './ban.ts'
import { type ChatState, type Decision, happened, look, nothing, timeIn } from './decision.ts'
import type { Happening } from './event.ts'
import type { Instant, UserId } from './ids.ts'
import { type Member, STAFF } from './member.ts'
import { asMemberOfGroup, requireRole } from './membership.ts'
import { invalid, Refusal } from './refusal.ts'

interface Step {
  readonly actorId: UserId
  readonly userId: UserId
  readonly at: Instant
}

export interface Muting extends Step {
  /** Undefined: the member may write again. */
  readonly until: Instant | undefined
}

/** Keeps a member from writing, or lets the member write again. Staff is free, and so cannot be muted. */
export function mute(state: ChatState, { actorId, userId, until, at }: Muting): Decision<undefined> {
  const { chat, me } = asMemberOfGroup(state, actorId)
  requireRole(me, STAFF)
  const target = look(state.members, userId)
  if (!target) throw new Refusal('user-not-found', { userIds: [userId] })
  if (until === undefined) {
    if (target.mutedUntil === undefined) return nothing(undefined)
    return happened(chat, at, [{ type: 'member.muted', actorId, userId, until }], undefined)
  }
  if (target.role !== 'member') throw new Refusal('not-allowed', { requires: [] })
  requireFuture(until, timeIn(chat, at))
  if (target.mutedUntil === until) return nothing(undefined)
  return happened(chat, at, [{ type: 'member.muted', actorId, userId, until }], undefined)
}

export interface Banning extends Step {
  /** Undefined: for good. */
  readonly until: Instant | undefined
  readonly reason: string | undefined
}

/**
 * Bans a user, who is removed if they are a member: nobody lets them in before it ends. The owner is not banned, and an admin by the owner
 * alone. The scope names the user as a member, as a person and the ban.
 */
export function ban(state: ChatState, { actorId, userId, until, reason, at }: Banning): Decision<undefined> {
  const { chat, me } = asMemberOfGroup(state, actorId)
  requireRole(me, STAFF)
  const target = look(state.members, userId)
  const person = look(state.people, userId)
  if (!person || person.kind === 'system') throw new Refusal('user-not-found', { userIds: [userId] })
  if (target) requireHigher(me, target)
  if (userId === actorId) throw new Refusal('not-allowed', { requires: [] })
  if (until !== undefined) requireFuture(until, timeIn(chat, at))
  const known = look(state.bans, userId)
  if (!target && known && known.until === until && known.reason === reason) return nothing(undefined)
  const removed: Happening[] = target ? [{ type: 'member.removed', actorId, userId }] : []
  return happened(chat, at, [...removed, { type: 'member.banned', actorId, userId, until, reason }], undefined)
}

/** Lifts a ban. Without one nothing changes. */
export function unban(state: ChatState, { actorId, userId, at }: Step): Decision<undefined> {
  const { chat, me } = asMemberOfGroup(state, actorId)
  requireRole(me, STAFF)
  const known = look(state.bans, userId)
  if (!known || !isInForce(known, timeIn(chat, at))) return nothing(undefined)
  return happened(chat, at, [{ type: 'member.unbanned', actorId, userId }], undefined)
}

function requireHigher(me: Member, { role }: Member): void {
  if (role === 'owner') throw new Refusal('not-allowed', { requires: [] })
  if (role === 'admin') requireRole(me, ['owner'])
}

function requireFuture(until: Instant, now: Instant): void {
  if (until <= now) throw invalid('/until', 'is in the future')
}
