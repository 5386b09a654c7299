import type { Mention } from '../../../src/client/index.ts'

/** Stands for a mention while the marks of a text are read: one character of a plane that no script uses. */
const FIRST = 0xf_0000
const PLACES = /[\u{F0000}-\u{FFFFD}]/u
const PLACE = /([\u{F0000}-\u{FFFFD}])/u

export interface Placed {
  readonly source: string
  /** The mention, and what was typed for it, by the character in its place. */
  readonly mentions: ReadonlyMap<string, Mention & { readonly raw: string }>
}

const none: Placed['mentions'] = new Map()

/** Puts a character in place of each mention. Ranges are in code points; those that do not fit the text are left out. */
export function placed(text: string, mentions: readonly Mention[]): Placed {
  if (mentions.length === 0 || PLACES.test(text)) return { source: text, mentions: none }
  const points = Array.from(text)
  const known = new Map<string, Mention & { readonly raw: string }>()
  let source = ''
  let at = 0
  for (const mention of mentions) {
    const { start, length } = mention
    if (start < at || length < 1 || start + length > points.length) continue
    const place = String.fromCodePoint(FIRST + known.size)
    known.set(place, { ...mention, raw: points.slice(start, start + length).join('') })
    source += points.slice(at, start).join('') + place
    at = start + length
  }
  return { source: source + points.slice(at).join(''), mentions: known }
}

/** The parts of a text, those that stand for mentions alone. */
export const partsOf = (text: string): readonly string[] => text.split(PLACE).filter((part) => part !== '')

/** The text as it was typed, for places in which no mention is shown. */
export const typed = (text: string, { mentions }: Placed): string =>
  mentions.size === 0 ? text : partsOf(text).reduce((all, part) => all + (mentions.get(part)?.raw ?? part), '')

/** Whether a message concerns a user by name, or all. */
export const concerns = (mentions: readonly Mention[], userId: string): boolean =>
  mentions.some((mention) => mention.kind === 'all' || mention.userId === userId)
