import { type Link, linksOf, safeHref } from './links.ts'

export type Mark = '**' | '*' | '_' | '~~' | '||'

export type Inline =
  | string
  | { readonly kind: 'mark'; readonly mark: Mark; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly ticks: string; readonly text: string }
  | { readonly kind: 'link'; readonly href: string; readonly text: string }
  /** A link under other words than its address. */
  | { readonly kind: 'labelled'; readonly href: string; readonly text: string; readonly raw: string }

/** `raw` is the source of the block, line break included: all of them together are the text. */
export type Block =
  | { readonly kind: 'text' | 'quote'; readonly raw: string; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly raw: string; readonly language: string | undefined; readonly text: string }

const FENCE = /^```([\w+#.-]{0,32})[ \t]*$/
const QUOTE = /^> ?/

/** Reads the subset of Markdown that messages have, in time proportional to the text. What is not closed is text. */
export function parse(source: string): Block[] {
  const lines = source.split(/(?<=\n)/)
  const blocks: Block[] = []
  let at = 0
  let isFenceClosed = true
  const run = (kind: 'text' | 'quote', isIn: (line: string) => boolean) => {
    const from = at
    while (at < lines.length && isIn(lines[at]!) && (at === from || !fenceAt(at))) at++
    const taken = lines.slice(from, at)
    const inner = kind === 'quote' ? taken.map((line) => line.replace(QUOTE, '')) : taken
    blocks.push({ kind, raw: taken.join(''), children: inline(inner.join('')) })
  }
  const fenceAt = (index: number) => (isFenceClosed ? FENCE.exec(lines[index]!.replace(/\n$/, '')) : null)

  while (at < lines.length) {
    const fence = fenceAt(at)
    if (fence) {
      const end = lines.findIndex((line, index) => index > at && /^```[ \t]*\n?$/.test(line))
      if (end > 0) {
        const text = lines
          .slice(at + 1, end)
          .join('')
          .replace(/\n$/, '')
        blocks.push({ kind: 'code', raw: lines.slice(at, end + 1).join(''), language: fence[1] || undefined, text })
        at = end + 1
        continue
      }
      isFenceClosed = false
    }
    if (QUOTE.test(lines[at]!)) run('quote', (line) => QUOTE.test(line))
    else run('text', (line) => !QUOTE.test(line))
  }
  return blocks
}

/** Without any marks: a text as it was typed, with its links. */
export function plain(text: string): Inline[] {
  const children: Inline[] = []
  let at = 0
  for (const { start, end, href } of linksOf(text)) {
    add(children, text.slice(at, start))
    children.push({ kind: 'link', href, text: text.slice(start, end) })
    at = end
  }
  add(children, text.slice(at))
  return children
}

interface Frame {
  readonly mark: Mark | undefined
  readonly children: Inline[]
}

const SPECIAL = /\*\*|~~|\|\||[*_`[]/g
const LABELLED = /\[([^[\]\n]{1,200})\]\(((?:https?:\/\/|mailto:)(?:[^\s()]|\([^\s()]*\))+)\)/y
const WORD = /[\p{L}\p{N}_]/u
const SPACE = /\s/

/** One open mark of each kind at most, so that no text is looked at more often than there are kinds. */
export function inline(text: string): Inline[] {
  const links = linksOf(text)
  const frames: Frame[] = [{ mark: undefined, children: [] }]
  const unclosed = new Set<string>()
  let nextLink = 0
  let at = 0
  const here = () => frames.at(-1)!.children

  while (at < text.length) {
    while (nextLink < links.length && links[nextLink]!.start < at) nextLink++
    const link = links[nextLink]
    SPECIAL.lastIndex = at
    const found = SPECIAL.exec(text)
    const stop = Math.min(found?.index ?? text.length, link?.start ?? text.length)
    add(here(), text.slice(at, stop))
    at = stop
    if (at >= text.length) break
    if (link && link.start === at) {
      here().push(linkOf(text, link))
      at = link.end
    } else at = take(found![0])
  }
  while (frames.length > 1) unwind()
  return frames[0]!.children

  function take(sign: string): number {
    if (sign === '`') return code()
    if (sign === '[') return labelled()
    const mark = sign as Mark
    const open = frames.findIndex((frame) => frame.mark === mark)
    const before = text[at - 1]
    const after = text[at + sign.length]
    if (open > 0 && before !== undefined && !SPACE.test(before) && !isInWord(mark, after)) {
      while (frames.length > open + 1) unwind()
      if (here().length > 0) {
        const { children } = frames.pop()!
        here().push({ kind: 'mark', mark, children })
        return at + sign.length
      }
    }
    if (open < 0 && after !== undefined && !SPACE.test(after) && !isInWord(mark, before)) frames.push({ mark, children: [] })
    else add(here(), sign)
    return at + sign.length
  }

  /** The innermost mark is not closed: it is text. */
  function unwind() {
    const { mark, children } = frames.pop()!
    add(here(), mark!)
    for (const child of children)
      if (typeof child === 'string') add(here(), child)
      else here().push(child)
  }

  function code(): number {
    const ticks = /^`+/.exec(text.slice(at, at + 64))![0]
    const from = at + ticks.length
    const end = unclosed.has(ticks) || text[from] === '`' ? -1 : closing(text, ticks, from)
    if (end < 0) {
      unclosed.add(ticks)
      add(here(), ticks)
      return from
    }
    here().push({ kind: 'code', ticks, text: text.slice(from, end) })
    return end + ticks.length
  }

  function labelled(): number {
    LABELLED.lastIndex = at
    const found = LABELLED.exec(text)
    const href = found ? safeHref(found[2]!) : undefined
    if (!found || !href) {
      add(here(), '[')
      return at + 1
    }
    here().push({ kind: 'labelled', href, text: found[1]!, raw: found[0] })
    return at + found[0].length
  }
}

/** Single signs mark no part of a word: `snake_case`, `2*3*4`. */
const isInWord = (mark: Mark, neighbour: string | undefined) => mark.length === 1 && neighbour !== undefined && WORD.test(neighbour)

/** Where a run of exactly so many backticks begins. */
function closing(text: string, ticks: string, from: number): number {
  for (let at = text.indexOf(ticks, from); at >= 0; at = text.indexOf(ticks, at)) {
    let end = at
    while (text[end] === '`') end++
    if (end - at === ticks.length) return at > from ? at : -1
    at = end
  }
  return -1
}

const linkOf = (text: string, { start, end, href }: Link): Inline => ({ kind: 'link', href, text: text.slice(start, end) })

function add(children: Inline[], text: string): void {
  if (text === '') return
  const last = children.at(-1)
  if (typeof last === 'string') children[children.length - 1] = last + text
  else children.push(text)
}
