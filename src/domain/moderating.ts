import { type ChatState, type Decision, happened, look, nothing, timeIn } from './decision.ts'
import type { Happening } from './event.ts'
import type { Instant, MessageId, UserId } from './ids.ts'
import { Refusal } from './refusal.ts'

interface Step {
  readonly staffId: UserId
  readonly at: Instant
}

/** Deletes any message, for the staff of the service. Of a message or a chat that is gone nothing is left to delete. */
export function strike(state: ChatState, { staffId, messageId, at }: Step & { readonly messageId: MessageId }): Decision<undefined> {
  const { chat } = state
  const message = look(state.messages, messageId)
  if (!chat || !message || message.deletedAt !== undefined) return nothing(undefined)
  const about = { actorId: staffId, messageId, messageSeq: message.seq }
  return happened(chat, at, [{ type: 'message.deleted', ...about, deletedAt: timeIn(chat, at) }], undefined)
}

/** Bans a user from a group for good, for the staff of the service. An owner is not banned. */
export function expel(state: ChatState, { staffId, userId, at }: Step & { readonly userId: UserId }): Decision<undefined> {
  const { chat } = state
  if (!chat) throw new Refusal('chat-not-found')
  if (chat.kind !== 'group') throw new Refusal('not-a-group')
  if (!look(state.people, userId)) throw new Refusal('user-not-found', { userIds: [userId] })
  const member = look(state.members, userId)
  if (member?.role === 'owner') throw new Refusal('not-allowed', { requires: [] })
  const removed: Happening[] = member ? [{ type: 'member.removed', actorId: staffId, userId }] : []
  const banned: Happening = { type: 'member.banned', actorId: staffId, userId, until: undefined, reason: undefined }
  return happened(chat, at, [...removed, banned], undefined)
}
