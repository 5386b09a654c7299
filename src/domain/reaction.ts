import type { Count, Instant, MessageId, Seq, UserId } from './ids.ts'
import { Refusal } from './refusal.ts'

/** An emoji without U+FE0F: what names a kind of reaction. It is shown as it was first sent. */
export type Emoji = string & { readonly [brand]: 'Emoji' }
declare const brand: unique symbol

/** Kinds of reactions that a message has, at most. */
export const REACTION_LIMIT = 20
/** Reactions of one person to a message, at most. */
export const REACTIONS_EACH = 5
/** People whom one event or one sum names, at most. */
export const PEOPLE_PER_EVENT = 100
export const PEOPLE_PER_SUM = 10

/** One kind of reaction to a message. */
export interface ReactionSum {
  /** As it was first sent. */
  readonly emoji: string
  readonly count: Count
  /** Some of those who reacted so, at most 10. */
  readonly userIds: readonly UserId[]
}

/** What is counted of the reactions to a message, once there was one. */
export interface Tally {
  /** In the order of first use. */
  readonly sums: readonly ReactionSum[]
  /** The `seq` of the last `message.reacted`. */
  readonly changedSeq: Seq
}

/** The reactions to a message, as they are shown. */
export interface Reactions {
  readonly sums: readonly ReactionSum[]
  /** The `seq` of the last `message.reacted`; undefined if there was none. */
  readonly changedSeq: Seq | undefined
  /** The viewer's own; undefined where one form is made for several viewers. */
  readonly own: readonly string[] | undefined
}

export const NO_REACTIONS: Reactions = { sums: [], changedSeq: undefined, own: [] }

/** Who began or ceased to react so. */
export interface ReactionChange {
  readonly emoji: string
  readonly on: boolean
  readonly userIds: readonly UserId[]
}

export interface Reactor {
  readonly userId: UserId
  readonly at: Instant
}

export const emojiOf = (shown: string): Emoji => shown.replaceAll('\uFE0F', '') as Emoji

const EMOJI_POINTS = 16
const P = String.raw`\p{ExtPict}(?:\p{EMod}|\uFE0F)?`
/** One emoji (UTS #51). Reserved code points pass, so that processes with different Unicode versions agree. */
const EMOJI = new RegExp(String.raw`^(?:\p{RI}{2}|[0-9#*]\uFE0F?\u20E3|${P}(?:[\u{E0020}-\u{E007E}]+\u{E007F})?(?:\u200D${P})*)$`, 'u')

/** Returns the emoji. Refuses what is not exactly one. */
export function checkedEmoji(shown: string): string {
  // A code point has at most two units: what is longer is not looked at.
  if (shown.length > 2 * EMOJI_POINTS || Array.from(shown).length > EMOJI_POINTS || !EMOJI.test(shown)) throw new Refusal('not-an-emoji')
  return shown
}

/** Returns the sums after a change. A kind that nobody uses any longer is gone. */
export function summed(sums: readonly ReactionSum[], changes: readonly ReactionChange[]): readonly ReactionSum[] {
  const kinds = new Map(sums.map((sum) => [emojiOf(sum.emoji), sum]))
  for (const { emoji, on, userIds } of changes) {
    const sum = kinds.get(emojiOf(emoji)) ?? { emoji, count: 0, userIds: [] }
    const count = sum.count + (on ? userIds.length : -userIds.length)
    const named = on ? [...sum.userIds, ...userIds].slice(0, PEOPLE_PER_SUM) : sum.userIds.filter((id) => !userIds.includes(id))
    kinds.set(emojiOf(emoji), { ...sum, count, userIds: named })
  }
  return [...kinds.values()].filter(({ count }) => count > 0)
}

/** Returns changes without what they say of somebody. */
export const unnaming = (changes: readonly ReactionChange[], userId: UserId): readonly ReactionChange[] =>
  changes
    .map((change) => ({ ...change, userIds: change.userIds.filter((id) => id !== userId) }))
    .filter(({ userIds }) => userIds.length > 0)

/** Returns which of these sums are of somebody's kinds, as they are shown. */
export const shownOf = (sums: readonly ReactionSum[], own: readonly Emoji[]): readonly string[] =>
  own.length === 0 ? [] : sums.map(({ emoji }) => emoji).filter((emoji) => own.includes(emojiOf(emoji)))

export const ownKey = (messageId: MessageId, userId: UserId): string => `${messageId} ${userId}`
export const reactorsKey = (messageId: MessageId, emoji: Emoji): string => `${messageId} ${emoji}`
