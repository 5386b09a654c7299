import { checkedEmoji, emojiOf } from '../../domain/reaction.ts'
import type { ChatApi } from '../chat-api.ts'
import { seen } from '../chats/seen.ts'
import type { Ports } from '../ports/ports.ts'
import { getMessage } from './get-message.ts'

export const listReactions =
  (ports: Pick<Ports, 'chats'>): ChatApi['listReactions'] =>
  async (caller, { emoji, ...command }, window) => {
    const key = emoji === undefined ? undefined : emojiOf(checkedEmoji(emoji))
    const { message } = await getMessage(ports)(caller, command)
    return seen(await ports.chats.reactions(caller.userId, command.chatId, { seq: message.seq, emoji: key }, window), command.chatId)
  }
