import { checkedEmoji } from '../../domain/reaction.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Combiner } from './reacting.ts'

export const addReaction =
  ({ react }: Combiner): ChatApi['addReaction'] =>
  async ({ userId }, { chatId, messageId, emoji }) =>
    react(chatId, { userId, messageId, emoji: checkedEmoji(emoji), on: true })
