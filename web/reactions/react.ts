import type { Chat, Row } from '../../src/client/index.ts'
import { keep, kept } from '../state/kept.ts'
import { tell } from '../state/notices.ts'
import { errorText } from '../state/problem-text.ts'

const USUAL = ['👍', '❤️', '😂', '🎉', '😮', '😢']
const REMEMBERED = 24

/** The emoji that this browser has used most lately, most frequent first. */
export function frequentEmoji(count: number): readonly string[] {
  const used = (kept('emoji') ?? '').split(' ').filter((emoji) => emoji !== '')
  const times = new Map<string, number>()
  for (const emoji of used) times.set(emoji, (times.get(emoji) ?? 0) + 1)
  const often = [...times].sort((a, b) => b[1] - a[1]).map(([emoji]) => emoji)
  return [...new Set([...often, ...USUAL])].slice(0, count)
}

const remember = (emoji: string) => keep('emoji', [emoji, ...(kept('emoji') ?? '').split(' ')].slice(0, REMEMBERED).join(' '))

/** Adds the user's reaction, or takes it back. It is shown at once; a refusal takes it back and says why. */
export async function react(chat: Chat, row: Pick<Row, 'id' | 'myReactions'>, emoji: string): Promise<void> {
  if (row.id === undefined) return
  const isOn = row.myReactions?.includes(emoji) === true
  try {
    if (isOn) await chat.removeReaction(row.id, emoji)
    else {
      remember(emoji)
      await chat.addReaction(row.id, emoji)
    }
  } catch (error) {
    tell(errorText(error), { isFault: true })
  }
}
