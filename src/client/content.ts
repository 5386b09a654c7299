import type { MessageKinds } from './types/kinds.ts'
import type { Format, Message } from './types.ts'

/** Marks inside marks, at most; deeper ones stay as typed. */
const NESTING = 8
const FENCE = /^```[^\n`]*\n([^]*?)\n?^```[ \t]*$/gmu
const MARKS = new RegExp(
  [
    '`([^`\\n]+)`',
    '\\[([^[\\]\\n]+)\\]\\((?:https?:\\/\\/|mailto:)[^\\s)]+\\)',
    '\\*\\*(?=\\S)([^]+?)(?<=\\S)\\*\\*',
    '~~(?=\\S)([^]+?)(?<=\\S)~~',
    '\\*(?=[^\\s*])([^*]+?)(?<=\\S)\\*',
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

/** Whether a message is of one of your `MessageKinds`, with its data. */
export const isKind = <K extends keyof MessageKinds, M extends Pick<Message, 'kind' | 'data'>>(
  message: M,
  kind: K,
): message is M & { readonly kind: K; readonly data: MessageKinds[K] } => (message.kind as keyof MessageKinds) === kind

/** A schema of any library that follows Standard Schema, such as zod, valibot or arktype. */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}
type StandardResult<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly object[] }

/**
 * Returns the data of a message as a schema describes it; undefined if it does not fit, since another version of your application may have
 * sent it. Throws a `TypeError` for a schema that validates asynchronously.
 *
 * @example
 * const poll = dataOf(message, z.object({ question: z.string() }))
 */
export function dataOf<Output>({ data }: Pick<Message, 'data'>, schema: StandardSchema<Output>): Output | undefined {
  const result = schema['~standard'].validate(data)
  if (result instanceof Promise) throw new TypeError('the schema validates asynchronously')
  return result.issues ? undefined : result.value
}
