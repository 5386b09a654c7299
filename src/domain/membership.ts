import type { Chat } from './chat.ts'
import { type ChatState, look } from './decision.ts'
import { type MessageId, SYSTEM_ID, type UserId } from './ids.ts'
import type { Member, Role } from './member.ts'
import type { Message } from './message.ts'
import { Refusal } from './refusal.ts'

/** The chat, for one of its members. To anybody else it looks as if it did not exist. */
export function asMember(state: ChatState, userId: UserId): { chat: Chat; me: Member } {
  const me = look(state.members, userId)
  if (!state.chat || !me) throw new Refusal('chat-not-found', state.chat ? { chatId: state.chat.id } : {})
  // Elsewhere a session may be believed for some seconds after its person was deleted; what is written now nobody would erase.
  if (me.person.username === undefined) throw new Refusal('session-ended')
  return { chat: state.chat, me }
}

/** The chat, for the one who writes to it: a member, or who need be none. */
export function asAuthor(
  state: ChatState,
  { senderId, isOutside = senderId === SYSTEM_ID }: { readonly senderId: UserId; readonly isOutside?: boolean | undefined },
): { chat: Chat; me: Member } {
  if (!isOutside) return asMember(state, senderId)
  const person = look(state.people, senderId)
  if (!state.chat || !person) throw new Refusal('chat-not-found', {})
  return { chat: state.chat, me: { person, role: 'admin', joinedSeq: 0, joinedAt: 0 } }
}

/** The same, where only a group will do and only these roles may. */
export function asMemberOfGroup(state: ChatState, userId: UserId): { chat: Chat; me: Member } {
  const seen = asMember(state, userId)
  if (seen.chat.kind !== 'group') throw new Refusal('not-a-group')
  return seen
}

/** A message of the chat that is not deleted. `mayChange` refuses whoever may not change it, before that is known. */
export function undeleted(state: ChatState, messageId: MessageId, mayChange: () => unknown = () => undefined): Message {
  const message = look(state.messages, messageId)
  if (!message) throw new Refusal('message-not-found', { messageId })
  mayChange()
  if (message.deletedAt !== undefined) throw new Refusal('message-deleted', { messageId })
  return message
}

export function requireRole(me: Member, roles: readonly Role[]): void {
  if (!roles.includes(me.role)) throw new Refusal('not-allowed', { requires: roles })
}
