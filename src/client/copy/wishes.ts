import type { Message } from '../types.ts'
import { toggled } from './message.ts'

/** A reaction that the user has chosen, and the service may not have told yet. */
export interface Wish {
  on: boolean
  /** The event that carries it out; undefined as long as the service has not acknowledged it. */
  until: number | undefined
  /** Settles with the service's answer; undefined when nothing is asked any longer. */
  done: Promise<void> | undefined
}

/** By message, then by emoji. */
export type Wishes = Map<string, Map<string, Wish>>

/** The emoji in the form in which the message already has it: two that differ by U+FE0F only are the same. */
export function formIn({ reactions }: Pick<Message, 'reactions'>, emoji: string): string {
  const bare = (text: string) => text.replaceAll('\uFE0F', '')
  return reactions.find((known) => bare(known.emoji) === bare(emoji))?.emoji ?? emoji
}

/** Whether the user reacts so, as the user sees it. */
export const isOn = (message: Message, emoji: string, wish: Wish | undefined): boolean =>
  wish && !isTold(message, wish) ? wish.on : message.myReactions.includes(emoji)

export const isTold = ({ myReactionsSeq }: Message, { until }: Wish): boolean => until !== undefined && myReactionsSeq >= until

/** The message as the user has chosen it to be. */
export function wished(message: Message, wishes: ReadonlyMap<string, Wish> | undefined, me: string): Message {
  let shown = message
  if (wishes && message.deletedAt === undefined) for (const [emoji, wish] of wishes) shown = withWish(shown, emoji, { wish, me })
  return shown
}

function withWish(message: Message, emoji: string, { wish, me }: { readonly wish: Wish; readonly me: string }): Message {
  const { on } = wish
  if (isTold(message, wish) || message.myReactions.includes(emoji) === on) return message
  const known = message.reactions.some((reaction) => reaction.emoji === emoji)
  const all = known || !on ? message.reactions : [...message.reactions, { emoji, count: 0, userIds: [] }]
  const reactions = all.map((reaction) => {
    if (reaction.emoji !== emoji) return reaction
    const others = reaction.userIds.filter((id) => id !== me)
    return { emoji, count: reaction.count + (on ? 1 : -1), userIds: on ? [...others, me] : others }
  })
  return { ...message, reactions: reactions.filter(({ count }) => count > 0), myReactions: toggled(message.myReactions, { emoji, on }) }
}
