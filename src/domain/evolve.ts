import type { ChatState } from './decision.ts'
import { type ChatEvent, changesMembers } from './event.ts'
import { sendKey } from './ids.ts'
import type { Message } from './message.ts'

/**
 * State + event → state. The maps of a state that the caller gives away are changed; otherwise they are copied first,
 * which costs more the more a state holds.
 */
export function evolve(state: ChatState, event: ChatEvent, ownership: 'given' | 'kept' = 'kept'): ChatState {
  const next = ownership === 'given' ? state : copied(state)
  apply(next, event)
  return next
}

const copied = (state: ChatState): ChatState => ({
  chat: state.chat,
  members: new Map(state.members),
  earlier: new Map(state.earlier),
  messages: new Map(state.messages),
  people: new Map(state.people),
})

function apply(state: ChatState, event: ChatEvent): void {
  const { seq, at } = event
  switch (event.type) {
    case 'chat.created': {
      const { chatId: id, kind, name, key, members } = event
      state.chat = { id, kind, name, key, createdAt: at, headSeq: 0, headN: 0, headAt: at, memberSeq: seq, memberCount: members.length }
      for (const { person, role } of members) state.members.set(person.id, { person, role, joinedSeq: seq, joinedAt: at })
      break
    }
    case 'chat.renamed':
      state.chat = { ...chatOf(state), name: event.name }
      break
    case 'member.added':
      state.members.set(event.person.id, { person: event.person, role: event.role, joinedSeq: seq, joinedAt: at })
      state.chat = { ...chatOf(state), memberCount: chatOf(state).memberCount + 1 }
      break
    case 'member.left':
    case 'member.removed':
      state.members.set(event.userId, null)
      state.chat = { ...chatOf(state), memberCount: chatOf(state).memberCount - 1 }
      break
    case 'member.role_changed': {
      const member = state.members.get(event.userId)
      if (member) state.members.set(event.userId, { ...member, role: event.role })
      break
    }
    case 'message.sent': {
      const { message } = event
      state.messages.set(message.id, message)
      state.earlier.set(sendKey(message.sender.id, message.clientMessageId), message)
      state.chat = { ...chatOf(state), headN: message.n }
      break
    }
    case 'message.edited': {
      const { text, version, editedAt } = event
      change(state, event.messageId, (message) => ({ ...message, text, version, editedAt, changedSeq: seq }))
      break
    }
    case 'message.deleted':
      change(state, event.messageId, (message) => ({ ...message, text: undefined, deletedAt: event.deletedAt, changedSeq: seq }))
      break
    case 'author.erased':
      for (const held of [state.messages, state.earlier] as Map<string, Message | null>[])
        for (const [name, message] of held)
          if (message?.sender.id === event.userId && message.deletedAt === undefined)
            held.set(name, { ...message, text: undefined, deletedAt: at, changedSeq: seq })
      break
    case 'chat.deleted':
      state.chat = null
      return
  }
  state.chat = { ...chatOf(state), headSeq: seq, headAt: at, ...(changesMembers(event) && { memberSeq: seq }) }
}

const chatOf = (state: ChatState) => {
  if (!state.chat) throw new Error('defect: something happened in a chat that does not exist')
  return state.chat
}

/** A message that is known by its id may be known by its key too. */
function change(state: ChatState, id: Message['id'], to: (message: Message) => Message): void {
  const message = state.messages.get(id)
  if (!message) return
  const changed = to(message)
  const key = sendKey(message.sender.id, message.clientMessageId)
  state.messages.set(id, changed)
  if (state.earlier.has(key)) state.earlier.set(key, changed)
}
