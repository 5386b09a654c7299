import { z } from 'zod'
import type { ChatId, FileId, KeyId, MessageId, SessionId, UserId } from '../../../domain/ids.ts'
import { isObject } from '../../../domain/json.ts'
import type { Data } from '../../../domain/message.ts'
import { length } from '../../../domain/words.ts'
import { limits, PAGE_DEFAULT, QUERY_MAX, QUERY_MIN } from '../limits.ts'

/** Descriptions of schemas for the documents. A private registry, so that it does not mix with that of a host that uses zod. */
export const notes = z.registry<Note>()
interface Note {
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly minLength?: number
  readonly maxLength?: number
  readonly type?: 'object'
}

const withNote = <S extends z.ZodType>(schema: S, note: Note): S => {
  const own = schema.clone()
  notes.add(own, note)
  return own
}

/** Returns a copy of the schema with a description for one place. */
export const noted = <S extends z.ZodType>(schema: S, description: string, ...examples: unknown[]): S =>
  withNote(schema, examples.length > 0 ? { description, examples } : { description })

// Parts of requests

const isPlain = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** A text that every database can store. */
export const plain = () => z.string().refine(isPlain, { error: 'holds neither NUL nor lone surrogates' })

/** A text of `min` to `max` code points. */
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
export const asFileId = uuid<FileId>()

/** A JSON object as it was sent: every member name is kept, `__proto__` included. */
export const jsonObject = () =>
  withNote(z.unknown().refine(isObject, { error: 'is a JSON object' }) as unknown as z.ZodType<Data, Data>, { type: 'object' })

export const seqFrom0 = z.int().min(0)

/** The id of nothing. A string that is no UUID becomes this id, so that it reaches neither a database nor the log as a key. */
const NIL = '00000000-0000-0000-0000-000000000000'

/** An id in a path may be any string; a string that is no UUID is not found. */
export const addressed = <Id extends string>(description: string) =>
  noted(z.string().overwrite((text) => asUserId.safeParse(text).data ?? NIL) as unknown as z.ZodType<Id, string>, description)
export const userInPath = addressed<UserId>('The id of a user.')
export const chatInPath = addressed<ChatId>('The id of a chat.')
export const messageInPath = addressed<MessageId>('The id of a message.')
export const fileInPath = addressed<FileId>('The id of a file.')
export const uploadInPath = addressed<FileId>('The id of an upload, which becomes that of the file.')
export const sessionInPath = addressed<SessionId>('The id of a session.')
export const hookInPath = addressed<string>('The id of a webhook.')
export const keyInPath = addressed<KeyId>('The id of a key.')
export const factorInPath = addressed<string>('The id of a second factor.')
/** The id of a user, or `me` for the caller. */
export const memberInPath = noted(z.union([z.literal('me'), userInPath]), 'The id of a user, or `me`.')

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

export const flag = z
  .enum(['true', 'false'], { error: 'is true or false' })
  .transform((text) => text === 'true')
  .pipe(z.boolean())

export const search = noted(
  between(QUERY_MIN, QUERY_MAX),
  'Finds texts that contain this, without regard to case; `%` and `_` are literal.',
  'tea',
)

/** The parameters of every list. */
export const listed = {
  limit: noted(whole(1, limits.page_size).default(PAGE_DEFAULT), 'Items per page, at most.'),
  cursor: noted(z.string().max(2_048).optional(), '`next` or `prev` of an earlier page with the same filters.'),
  count: noted(flag.default(false), 'Adds `total`.'),
}
export const PageQuery = z.strictObject(listed)

// Parts of replies

export const Uuid = z.guid()
export const Time = noted(z.iso.datetime({ precision: 3 }), 'RFC 3339, UTC, milliseconds.', '2026-01-31T09:30:00.000Z')
export const Seq = noted(z.int().min(1), 'The number of an event in its chat.')

/** One page of a list with the cursors of the next and previous one. */
export const page = <S extends z.ZodType>(item: S) =>
  z.object({
    items: z.array(item),
    next: noted(z.string().nullable(), 'The cursor of the next page in the order shown; null at the end.'),
    prev: noted(z.string().nullable(), 'The cursor of the previous page; null at the beginning, or if the list only goes forward.'),
    total: noted(z.int().min(0).optional(), 'The number of items on all pages; with `count=true`.'),
  })
export interface PageOf<T> {
  items: T[]
  next: string | null
  prev: string | null
  total?: number | undefined
}
