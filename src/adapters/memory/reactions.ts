import type { Chats } from '../../application/ports/chats.ts'
import type { ReactorPosition } from '../../application/ports/views.ts'
import { ALL_PINS } from '../../domain/pin.ts'
import { emojiOf, reactorsKey } from '../../domain/reaction.ts'
import { compareText, pageOf, partition } from './page.ts'
import { chatOf, lowestMarks, type MemoryStore, seenBy } from './store.ts'
import { viewed } from './views.ts'

export function memoryReactions(store: MemoryStore): Pick<Chats, 'reactions' | 'pins'> {
  return {
    async reactions(viewer, chatId, { seq, emoji }, window) {
      const record = chatOf(store, viewer, chatId)
      if (!record) return undefined
      const { sent, state } = record
      const message = sent[partition(sent, (one) => one.seq < seq)]
      const kinds = (message?.seq === seq && state.sums.get(message.id)?.sums) || []
      const found = kinds
        .map(({ emoji: shown }) => ({ shown, key: emojiOf(shown) }))
        .filter(({ key }) => emoji === undefined || key === emoji)
        .flatMap(({ shown, key }) =>
          (state.reactors.get(reactorsKey(message!.id, key)) ?? []).map(({ userId, at }) => ({ shown, at, emoji: key, userId })),
        )
      const page = pageOf(found.sort(oldestFirst), window, {
        position: ({ at, emoji: key, userId }) => ({ at, emoji: key, userId }),
        compare: oldestFirst,
      })
      return { ...page, items: page.items.map(({ shown, at, userId }) => ({ person: seenBy(store, viewer, userId), emoji: shown, at })) }
    },
    async pins(viewer, chatId) {
      const record = chatOf(store, viewer, chatId)
      if (!record) return undefined
      const { state } = record
      const lowest = lowestMarks(record)
      const pins = (state.pins.get(ALL_PINS) ?? []).map(({ messageId, userId, at }) => ({
        view: viewed(store, { message: state.messages.get(messageId)!, lowest, viewer }),
        at,
        by: seenBy(store, viewer, userId),
      }))
      return { pins: pins.reverse(), headSeq: state.chat.headSeq }
    },
  }
}

const oldestFirst = (a: ReactorPosition, b: ReactorPosition): number =>
  a.at - b.at || compareText(a.emoji, b.emoji) || compareText(a.userId, b.userId)
