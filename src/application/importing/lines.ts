import type { Instant } from '../../domain/ids.ts'

/** A line of a history. Ids are those of the system that it comes from; times are in order within a chat. */
export type HistoryLine =
  | { readonly user: string; readonly name: string; readonly username?: string; readonly email?: string; readonly avatar_url?: string }
  | { readonly chat: string; readonly name: string; readonly owner: string; readonly members: readonly string[]; readonly at: Instant }
  | {
      readonly message: string
      readonly chat: string
      readonly author: string
      readonly at: Instant
      readonly text: string
      readonly reply_to?: string
    }

/** Members of each kind of line: what each has to be, and whether it has to be there. */
type Kind = Readonly<Record<string, { readonly is: (value: unknown) => boolean; readonly isOptional?: true }>>

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const text = { is: isText }
const optional = { is: isText, isOptional: true } as const
const texts = { is: (value: unknown) => Array.isArray(value) && value.every(isText) }
const time = { is: (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 }

const kinds: Readonly<Record<'user' | 'chat' | 'message', Kind>> = {
  user: { user: text, name: text, username: optional, email: optional, avatar_url: optional },
  message: { message: text, chat: text, author: text, at: time, text: { is: (value) => typeof value === 'string' }, reply_to: optional },
  chat: { chat: text, name: text, owner: text, members: texts, at: time },
}

/** Reads a line, whose times are RFC 3339 or milliseconds, or throws what is wrong with it. */
export function historyLine(line: string): HistoryLine {
  let given: Record<string, unknown>
  try {
    given = JSON.parse(line) as Record<string, unknown>
  } catch {
    throw new Error('is no JSON')
  }
  const name = (['user', 'message', 'chat'] as const).find((kind) => typeof given === 'object' && given !== null && kind in given)
  if (!name) throw new Error('is neither a user, nor a chat, nor a message')
  if (typeof given.at === 'string') given = { ...given, at: Date.parse(given.at) }
  const kind = kinds[name]
  for (const [member, { is, isOptional }] of Object.entries(kind)) {
    const isThere = given[member] !== undefined && given[member] !== null
    if (isThere ? !is(given[member]) : !isOptional) throw new Error(`has no usable ${JSON.stringify(member)}`)
  }
  const unknown = Object.keys(given).find((member) => !(member in kind))
  if (unknown !== undefined) throw new Error(`has ${JSON.stringify(unknown)}, which a ${name} does not have`)
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as unknown as HistoryLine
}
