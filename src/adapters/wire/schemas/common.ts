import { z } from 'zod'
import type { ChatId, MessageId, SessionId, UserId } from '../../../domain/ids.ts'
import { length } from '../../../domain/words.ts'
import { limits, PAGE_DEFAULT, QUERY_MAX, QUERY_MIN } from '../limits.ts'

/** What the documents say of a schema beyond its shape. Private, so that programs with a zod of their own see nothing of it. */
export const notes = z.registry<Note>()
interface Note {
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly minLength?: number
  readonly maxLength?: number
}

const withNote = <S extends z.ZodType>(schema: S, note: Note): S => {
  const own = schema.clone()
  notes.add(own, note)
  return own
}

/** The same schema, described for the place where it stands. */
export const noted = <S extends z.ZodType>(schema: S, description: string, ...examples: unknown[]): S =>
  withNote(schema, examples.length > 0 ? { description, examples } : { description })

// Parts of requests

const isPlain = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** Any text that every database can keep. */
export const plain = () => z.string().refine(isPlain, { error: 'holds neither NUL nor lone surrogates' })

/** So many code points of it. */
export const between = (min: number, max: number) =>
  withNote(
    plain().refine((text) => text.length <= 2 * max && inRange(length(text), min, max), { error: `has ${min} to ${max} characters` }),
    { minLength: min, maxLength: max },
  )

const inRange = (n: number, min: number, max: number): boolean => n >= min && n <= max

const uuid = <Id extends string>() => z.guid({ error: 'is a UUID' }).toLowerCase() as unknown as z.ZodType<Id, string>
export const asUserId = uuid<UserId>()
export const asChatId = uuid<ChatId>()
export const asMessageId = uuid<MessageId>()

export const seqFrom0 = z.int().min(0)

/** The id of nothing: what is no UUID names nobody, and must reach neither a database as if it did, nor the log as the key of a chat. */
const NIL = '00000000-0000-0000-0000-000000000000'

/** An id in an address may be any string; what is no UUID is found as little as a UUID that nobody has. */
const addressed = <Id extends string>(description: string) =>
  noted(z.string().overwrite((text) => asUserId.safeParse(text).data ?? NIL) as unknown as z.ZodType<Id, string>, description)
export const userInPath = addressed<UserId>('The id of a person.')
export const chatInPath = addressed<ChatId>('The id of a chat.')
export const messageInPath = addressed<MessageId>('The id of a message.')
export const sessionInPath = addressed<SessionId>('The id of a session.')
/** A person's id, or oneself. */
export const memberInPath = noted(z.union([z.literal('me'), userInPath]), 'The id of a person, or `me`.')

// Query parameters

/** A whole number, written in decimal digits. */
export const whole = (min: number, max: number = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .transform((text, context) => {
      const number = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN
      if (inRange(number, min, max)) return number
      context.issues.push({ code: 'custom', message: `is a whole number from ${min} to ${max}`, input: text })
      return z.NEVER
    })
    .pipe(z.int().min(min).max(max))

const flag = z
  .enum(['true', 'false'], { error: 'is true or false' })
  .transform((text) => text === 'true')
  .pipe(z.boolean())

export const search = noted(
  between(QUERY_MIN, QUERY_MAX),
  'What is to be contained, in lower or upper case; `%` and `_` stand for themselves.',
  'tea',
)

/** What every list takes. */
export const listed = {
  limit: noted(whole(1, limits.page_size).default(PAGE_DEFAULT), 'How many at most.'),
  cursor: noted(z.string().max(2_048).optional(), '`next` or `prev` of an earlier page with the same filters.'),
  count: noted(flag.default(false), 'Adds `total`.'),
}
export const PageQuery = z.strictObject(listed)

// Parts of replies

export const Uuid = z.guid()
export const Time = noted(z.iso.datetime({ precision: 3 }), 'RFC 3339, UTC, milliseconds.', '2026-01-31T09:30:00.000Z')
export const Seq = noted(z.int().min(1), 'A place in the log of a chat.')

/** One page of a list: where it goes on in the order shown, and back. */
export const page = <S extends z.ZodType>(item: S) =>
  z.object({
    items: z.array(item),
    next: noted(z.string().nullable(), 'The cursor of what follows in the order shown.'),
    prev: noted(z.string().nullable(), 'The cursor of what goes before.'),
    total: noted(z.int().min(0).optional(), 'How many there are in all; with `count=true`.'),
  })
export interface PageOf<T> {
  items: T[]
  next: string | null
  prev: string | null
  total?: number | undefined
}
