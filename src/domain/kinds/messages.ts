import type { ChatState } from '../decision.ts'
import { spoken } from '../guard.ts'
import { sendKey } from '../ids.ts'
import { type Message, PLAIN } from '../message.ts'
import { chatOf, type Kinds, same } from './kind.ts'
import { clearMessage, clearReactor, keepPins, reactions } from './reactions.ts'

/** A message that the state holds by its id may be in it by its key too. */
function change({ messages, earlier }: ChatState, id: Message['id'], to: (message: Message) => Message): void {
  const message = messages.get(id)
  if (!message) return
  const changed = to(message)
  const key = sendKey(message.sender.id, message.clientMessageId)
  messages.set(id, changed)
  if (earlier.has(key)) earlier.set(key, changed)
}

export const messages: Kinds<'message' | 'author'> = {
  ...reactions,
  'message.sent': {
    evolve(state, { message }) {
      state.messages.set(message.id, message)
      state.earlier.set(sendKey(message.sender.id, message.clientMessageId), message)
      state.lastOf.set(message.sender.id, message.at)
      const chat = chatOf(state)
      state.chat = { ...chat, headN: message.n, guard: spoken(chat, message.sender.id) }
    },
    audience: same,
    endsTyping: true,
  },
  'message.edited': {
    evolve(state, { messageId, text, content, version, editedAt, seq }) {
      change(state, messageId, (message) => ({ ...message, text, content, version, editedAt, changedSeq: seq }))
    },
    audience: same,
    endsTyping: false,
  },
  'message.deleted': {
    evolve(state, { messageId, deletedAt, seq }) {
      change(state, messageId, (message) => ({ ...message, text: undefined, content: PLAIN, deletedAt, changedSeq: seq }))
      clearMessage(state, messageId)
    },
    audience: same,
    endsTyping: false,
  },
  'author.erased': {
    evolve(state, { userId, seq, at }) {
      const deletion = { text: undefined, content: PLAIN, deletedAt: at, changedSeq: seq }
      // The digest goes, too: the text could be guessed from it. Messages deleted before still have theirs.
      for (const held of [state.messages, state.earlier] as Map<string, Message | null>[])
        for (const [name, message] of held)
          if (message?.sender.id === userId) held.set(name, { ...message, ...(message.deletedAt === undefined && deletion), bodyHash: '' })
      for (const [id, message] of state.messages) if (message?.sender.id === userId) clearMessage(state, id)
      clearReactor(state, userId)
      keepPins(state, ({ senderId }) => senderId !== userId)
    },
    audience: same,
    endsTyping: false,
  },
}
