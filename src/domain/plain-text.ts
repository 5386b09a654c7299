import type { Count } from './ids.ts'
import type { Format } from './message.ts'

/** Marks inside marks, at most; deeper ones stay as typed. */
const NESTING = 8
const FENCE = /^```[^\n`]*\n([^]*?)\n?^```[ \t]*$/gmu
const MARKS = new RegExp(
  [
    '`([^`\\n]+)`',
    '\\[([^[\\]\\n]+)\\]\\((?:https?:\\/\\/|mailto:)[^\\s)]+\\)',
    '\\*\\*(?=\\S)([^]+?)(?<=\\S)\\*\\*',
    '~~(?=\\S)([^]+?)(?<=\\S)~~',
    '(?<![\\p{L}\\p{N}_])\\*(?=[^\\s*])([^*]+?)(?<=\\S)\\*(?![\\p{L}\\p{N}_])',
    '(?<![\\p{L}\\p{N}_])_(?=[^\\s_])([^_]+?)(?<=\\S)_(?![\\p{L}\\p{N}_])',
    '(\\|\\|)(?=\\S)[^]+?(?<=\\S)\\|\\|',
  ].join('|'),
  'gu',
)
const SPOILER = '▒▒▒'

/**
 * Returns a text without its marks, for lists, notifications and labels: of a fence the first line, of a link its label, and nothing of a
 * spoiler.
 *
 * @example
 * plainText('**Tea** at ||five||?', 'markdown') // 'Tea at ▒▒▒?'
 */
export function plainText(text: string, format: Format): string {
  if (format === 'text') return text
  const parts: string[] = []
  let end = 0
  for (const fence of text.matchAll(FENCE)) {
    parts.push(unmarked(text.slice(end, fence.index)), fence[1]!.split('\n', 1)[0]!)
    end = fence.index + fence[0].length
  }
  return [...parts, unmarked(text.slice(end))].join('')
}

const unmarked = (text: string): string => inline(text.replace(/^> ?/gm, ''), NESTING)

const inline = (text: string, depth: number): string =>
  depth === 0
    ? text
    : text.replace(
        MARKS,
        (_, code?: string, label?: string, bold?: string, struck?: string, starred?: string, low?: string, spoiler?: string) => {
          if (code !== undefined) return code
          if (spoiler !== undefined) return SPOILER
          return inline(label ?? bold ?? struck ?? starred ?? low ?? '', depth - 1)
        },
      )

/**
 * Returns the beginning of a text without its marks, at most so many code points, for places outside of the chat. Nothing of a spoiler is in it,
 * also where its end was cut off. What is far beyond the beginning is not looked at.
 */
export function excerpt(text: string, format: Format, most: Count): string {
  const points = Array.from(text)
  const seen = 2 * most
  const words = plainText(points.slice(0, seen).join(''), format)
  const isCut = points.length > seen
  const safe = isCut && format === 'markdown' ? words.replace(/\|\|(?=\S)[^]*$/u, SPOILER) : words
  const shown = Array.from(safe)
  return shown.length > most || isCut ? `${shown.slice(0, most - 1).join('')}…` : safe
}
