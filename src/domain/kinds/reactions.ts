import type { ChatState } from '../decision.ts'
import type { EventOf } from '../event.ts'
import type { MessageId, UserId } from '../ids.ts'
import { ALL_PINS, type Pin } from '../pin.ts'
import { type Emoji, emojiOf, ownKey, type Reactor, reactorsKey, summed } from '../reaction.ts'
import { type Kinds, same } from './kind.ts'

const orNull = <T>(list: readonly T[]): readonly T[] | null => (list.length > 0 ? list : null)

/** A state holds what its scope named; the rest of what is written here nobody looks at. */
function react({ sums, own, reactors }: ChatState, { messageId, changes, seq, at }: EventOf<'message.reacted'>): void {
  sums.set(messageId, { sums: summed(sums.get(messageId)?.sums ?? [], changes), changedSeq: seq })
  for (const { emoji, on, userIds } of changes) {
    const key = emojiOf(emoji)
    const all = reactorsKey(messageId, key)
    const others = (reactors.get(all) ?? []).filter(({ userId }) => !userIds.includes(userId))
    reactors.set(all, orNull(on ? [...others, ...userIds.map((userId): Reactor => ({ userId, at }))] : others))
    for (const userId of userIds) {
      const mine = ownKey(messageId, userId)
      const rest = (own.get(mine) ?? []).filter((other) => other !== key)
      own.set(mine, orNull(on ? [...rest, key] : rest))
    }
  }
}

/** Nothing is left of the reactions to a message, nor is it pinned. */
export function clearMessage(state: ChatState, messageId: MessageId): void {
  const { sums, own, reactors } = state
  for (const { emoji } of sums.get(messageId)?.sums ?? []) {
    const all = reactorsKey(messageId, emojiOf(emoji))
    for (const { userId } of reactors.get(all) ?? []) own.set(ownKey(messageId, userId), null)
    reactors.set(all, null)
  }
  if (sums.has(messageId)) sums.set(messageId, null)
  keepPins(state, (pin) => pin.messageId !== messageId)
}

/** Nothing is left of what somebody has reacted to messages of others. */
export function clearReactor({ sums, own, reactors }: ChatState, erasedId: UserId): void {
  for (const [name, emojis] of own) {
    const messageId = name.slice(0, name.lastIndexOf(' ')) as MessageId
    if (!emojis || name !== ownKey(messageId, erasedId)) continue
    own.set(name, null)
    for (const emoji of emojis) {
      const all = reactorsKey(messageId, emoji)
      reactors.set(all, orNull((reactors.get(all) ?? []).filter(({ userId }) => userId !== erasedId)))
    }
    const known = sums.get(messageId)
    if (known) sums.set(messageId, { ...known, sums: withoutReactor(known.sums, erasedId, emojis) })
  }
}

const withoutReactor = (sums: Parameters<typeof summed>[0], userId: UserId, emojis: readonly Emoji[]) =>
  summed(
    sums,
    emojis.map((emoji) => ({ emoji, on: false, userIds: [userId] })),
  )

export function keepPins({ pins }: ChatState, isKept: (pin: Pin) => boolean): void {
  const all = pins.get(ALL_PINS)
  if (all) pins.set(ALL_PINS, orNull(all.filter(isKept)))
}

export const reactions: Pick<Kinds<'message'>, 'message.reacted' | 'message.pinned' | 'message.unpinned'> = {
  'message.reacted': { evolve: react, audience: same, endsTyping: false },
  'message.pinned': {
    evolve({ pins, messages }, { messageId, messageSeq, actorId: userId, seq: pinSeq, at }) {
      const senderId = messages.get(messageId)?.sender.id
      if (senderId) pins.set(ALL_PINS, [...(pins.get(ALL_PINS) ?? []), { messageId, messageSeq, senderId, pinSeq, userId, at }])
    },
    audience: same,
    endsTyping: false,
  },
  'message.unpinned': {
    evolve: (state, { messageId }) => keepPins(state, (pin) => pin.messageId !== messageId),
    audience: same,
    endsTyping: false,
  },
}
