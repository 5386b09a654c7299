import type { Mention } from '../../src/client/index.ts'

/** A mention in a draft: its range in the text as it is typed. `userId` is absent where all are meant. */
export interface DraftMention {
  readonly userId?: string | undefined
  readonly start: number
  readonly end: number
}

/** The mentions of a text after it was changed: those behind the change move with their letters, those in it are none any more. */
export function afterChange(before: string, after: string, mentions: readonly DraftMention[]): readonly DraftMention[] {
  if (mentions.length === 0 || before === after) return mentions
  const shorter = Math.min(before.length, after.length)
  let same = 0
  while (same < shorter && before[same] === after[same]) same++
  let tail = 0
  while (tail < shorter - same && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  const end = before.length - tail
  const moved = after.length - before.length
  return mentions.flatMap((mention) => {
    if (mention.end <= same) return [mention]
    if (mention.start >= end) return [{ ...mention, start: mention.start + moved, end: mention.end + moved }]
    return []
  })
}

const points = (text: string) => Array.from(text).length

/** The mentions as they are sent: ranges in code points of the trimmed text. */
export function sentMentions(text: string, mentions: readonly DraftMention[]): readonly Mention[] {
  const trimmed = points(text) - points(text.trimStart())
  return mentions.map(({ userId, start, end }) => {
    const place = { start: points(text.slice(0, start)) - trimmed, length: points(text.slice(start, end)) }
    return userId === undefined ? { kind: 'all', ...place } : { kind: 'user', userId, ...place }
  })
}

/** The mentions of a message, to be edited. */
export function draftMentions(text: string, mentions: readonly Mention[]): readonly DraftMention[] {
  const all = Array.from(text)
  const unit = (point: number) => all.slice(0, point).join('').length
  return mentions.map((mention) => ({
    ...(mention.kind === 'user' && { userId: mention.userId }),
    start: unit(mention.start),
    end: unit(mention.start + mention.length),
  }))
}

/** What is typed after an `@` at the caret, and where that begins; undefined where nobody is being named. */
export function namedAt(text: string, caret: number): { readonly start: number; readonly query: string } | undefined {
  const found = /(?:^|[\s(])@([\p{L}\p{N}._-]{0,32})$/u.exec(text.slice(Math.max(0, caret - 40), caret))
  if (!found) return undefined
  const query = found[1] ?? ''
  return { start: caret - query.length - 1, query }
}
