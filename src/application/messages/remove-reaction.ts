import { checkedEmoji } from '../../domain/reaction.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Combiner } from './reacting.ts'

export const removeReaction =
  ({ react }: Combiner): ChatApi['removeReaction'] =>
  async ({ userId }, { chatId, messageId, emoji, everyone }) =>
    react(chatId, { userId, messageId, emoji: checkedEmoji(emoji), on: false, everyone })
