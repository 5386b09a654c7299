import type { Content } from '../../../src/client/index.ts'
import { placed } from './mentions.ts'
import { type Inline, parse, plain } from './parse.ts'

const HIDDEN = '▒▒▒'

const wordOf = (of: Inline): string => {
  if (typeof of === 'string') return of
  if (of.kind === 'mark') return of.mark === '||' ? HIDDEN : of.children.map(wordOf).join('')
  return of.text
}

/** A text in one line, without its marks, for lists and quotes: names of mentions as they are now, nothing of what a spoiler hides. */
export function inWords(
  { text, format, mentions }: { readonly text: string } & Pick<Content, 'format' | 'mentions'>,
  nameOf: (userId: string | undefined) => string | undefined,
): string {
  const here = placed(text, mentions)
  const inlines =
    format === 'text' ? plain(here.source) : parse(here.source).flatMap((block) => (block.kind === 'code' ? [block.text] : block.children))
  let words = inlines.map(wordOf).join('')
  for (const [place, mention] of here.mentions) {
    const name = nameOf(mention.kind === 'all' ? undefined : mention.userId)
    words = words.replaceAll(place, name === undefined ? mention.raw : `@${name}`)
  }
  return words
}
