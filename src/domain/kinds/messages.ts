import { unsay } from '../ban.ts'
import type { ChatState } from '../decision.ts'
import { spoken } from '../guard.ts'
import { sendKey, type UserId } from '../ids.ts'
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

const nobody: readonly UserId[] = []

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
    appearsTo: ({ appearsTo = nobody }) => appearsTo,
    endsTyping: true,
  },
  'message.edited': {
    evolve(state, { messageId, text, content, version, editedAt, editHash, seq }) {
      change(state, messageId, (message) => ({ ...message, text, content, version, editedAt, editHash, changedSeq: seq }))
    },
    audience: same,
    endsTyping: false,
  },
  'message.deleted': {
    evolve(state, { messageId, deletedAt, seq }) {
      change(state, messageId, (message) => ({
        ...message,
        text: undefined,
        content: PLAIN,
        deletedAt,
        editHash: undefined,
        changedSeq: seq,
      }))
      clearMessage(state, messageId)
    },
    audience: same,
    endsTyping: false,
  },
  'author.erased': {
    evolve(state, { userId, seq, at }) {
      const deletion = { text: undefined, content: PLAIN, editHash: undefined, deletedAt: at, changedSeq: seq }
      // The digest goes, too: the text could be guessed from it. Messages deleted before still have theirs.
      for (const held of [state.messages, state.earlier] as Map<string, Message | null>[])
        for (const [name, message] of held)
          if (message?.sender.id === userId) held.set(name, { ...message, ...(message.deletedAt === undefined && deletion), bodyHash: '' })
      for (const [id, message] of state.messages) if (message?.sender.id === userId) clearMessage(state, id)
      clearReactor(state, userId)
      keepPins(state, ({ senderId }) => senderId !== userId)
      unsay(state.bans, userId)
      for (const name of state.erasures.keys()) if (name.startsWith(`${userId} `)) state.erasures.set(name, true)
    },
    audience: same,
    endsTyping: false,
  },
}
