import { z } from 'zod'
import { WAVEFORM_LIMIT } from '../../../domain/content.ts'
import type { ClientMessageId } from '../../../domain/ids.ts'
import { limits } from '../limits.ts'
import {
  asChatId,
  asFileId,
  asMessageId,
  asUserId,
  between,
  chatInPath,
  flag,
  jsonObject,
  listed,
  noted,
  page,
  plain,
  Seq,
  search,
  seqFrom0,
  Time,
  Uuid,
  userInPath,
  whole,
} from './common.ts'
import { File } from './files.ts'
import { User } from './people.ts'

const key = noted(
  between(1, limits.key_length) as unknown as z.ZodType<ClientMessageId, string>,
  'The idempotency key: made by the client and stored before the first attempt.',
  '0b9a8c1e-41',
)
const text = noted(plain().optional(), '1 to 4,096 characters after trimming; may be left out if there are attachments.', 'Tea at five?')

const range = { start: noted(z.int().min(0), 'In code points of the trimmed text.'), length: z.int().min(1) }
const mentions = noted(
  z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('user'), user_id: asUserId, ...range }),
        z.strictObject({ kind: z.literal('all'), ...range }),
      ]),
    )
    .max(limits.mentions)
    .optional(),
  'Ranges of the text that stand for users or for all members; ascending, without overlaps.',
)
const attachments = noted(
  z
    .array(
      z.strictObject({
        file_id: asFileId,
        alt: noted(plain().optional(), 'What it shows, in words: at most 1,000 characters.'),
        duration_ms: z.int().min(0).optional(),
        waveform: noted(z.array(z.number().min(0).max(100)).max(WAVEFORM_LIMIT).optional(), 'Loudness, 0 to 100.'),
      }),
    )
    .max(limits.attachments)
    .optional(),
  'Files that you have uploaded.',
)
const Format = z.enum(['text', 'markdown'])
/** What an edit can change, too. */
const changeable = {
  text,
  format: noted(Format.optional(), 'How clients show the text. The default is `text`: as typed.'),
  mentions,
  attachments,
  data: noted(jsonObject().optional(), 'A JSON object of your application: at most 4,096 bytes, 8 containers deep.'),
}

const about = { client_message_id: key, reply_to: noted(asMessageId.optional(), 'A message of the same chat.') }
/** The members of a message to send: its own content, or the message that it forwards. */
export const content = {
  ...about,
  ...changeable,
  kind: noted(plain().optional(), '1 to 64 of `a–z 0–9 . _ -`: what your application calls this kind of message.', 'poll'),
}
export const forward = {
  ...about,
  forward: noted(z.strictObject({ chat_id: asChatId, message_id: asMessageId }), 'The message to forward; you must be able to read it.'),
}
export const NewMessage = z.union([z.strictObject(content), z.strictObject(forward)])

export const version = noted(z.int().min(1).optional(), 'The version that you edit. If the message has another one, the edit is refused.')
export const edited = { ...changeable, version }
/** Adds an issue if nothing would be changed. */
export const requireChange = ({ value, issues }: z.core.ParsePayload<Partial<Record<keyof typeof changeable, unknown>>>): void => {
  if (Object.keys(changeable).every((name) => value[name as keyof typeof changeable] === undefined))
    issues.push({ code: 'custom', message: 'is required, or another member to change', path: ['text'], input: value })
}
export const MessageChange = z.strictObject(edited).check(requireChange)

export const ReadMark = z.union([z.strictObject({ message_id: asMessageId }), z.strictObject({ seq: seqFrom0 })])

const places = ['before', 'after', 'around', 'offset', 'cursor'] as const
const filters = { sender_id: userInPath.optional(), query: search.optional() }

export const MessagesQuery = z
  .strictObject({
    before: noted(whole(0).optional(), 'The messages just below this `seq`.'),
    after: noted(whole(0).optional(), 'The messages just above this `seq`.'),
    around: noted(whole(0).optional(), 'Half a page below this `seq`, the rest from it upward.'),
    offset: noted(
      whole(0).optional(),
      'The number of matching messages to pass over, from the first; with `order=desc` from the last. At most 10,000 with `sender_id` or `query`.',
    ),
    order: noted(z.enum(['asc', 'desc']).default('asc'), 'By `seq`.'),
    ...filters,
    ...listed,
  })
  .check(({ value, issues }) => {
    const given = places.filter((place) => value[place] !== undefined)
    for (const place of given.slice(1))
      issues.push({ code: 'custom', message: `does not go together with ${given[0]}`, path: [place], input: value })
  })

export const SearchQuery = z.strictObject({ query: search, chat_id: chatInPath.optional(), sender_id: userInPath.optional(), ...listed })

export const MentionsQuery = z.strictObject({
  unread: noted(flag.default(false), 'Only messages that you have not read.'),
  ...listed,
})

export const EventsQuery = z
  .strictObject({ after: noted(whole(0).optional(), 'Events above this `seq`; without it, from the first.'), ...listed })
  .check(({ value, issues }) => {
    if (value.after !== undefined && value.cursor !== undefined)
      issues.push({ code: 'custom', message: 'does not go together with after', path: ['cursor'], input: value })
  })

const Sender = z.object({ id: Uuid, username: z.string().nullable(), name: z.string().nullable() })
const Place = { start: z.int(), length: z.int() }
export const Mention = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), user_id: Uuid, ...Place }),
  z.object({ kind: z.literal('all'), ...Place }),
])
export const Attachment = z.object({
  file: File,
  alt: z.string().nullable(),
  duration_ms: z.int().nullable(),
  waveform: z.array(z.number()).nullable(),
})
export const Reaction = z.object({
  emoji: z.string(),
  count: z.int().min(1),
  user_ids: noted(z.array(Uuid), 'Some of the users who reacted, at most 10.'),
})
/** What a message says of its reactions. */
export const reacted = {
  reactions: noted(z.array(Reaction), 'In the order of first use.'),
  reactions_seq: noted(
    z.int().min(1),
    'The `seq` of the last `message.reacted`, else that of the message. Keep the reactions with the higher one.',
  ),
}
/** What a message has beside its text, and an edit can change. */
export const extras = {
  format: noted(Format.nullable(), 'Null once deleted.'),
  mentions: z.array(Mention),
  attachments: z.array(Attachment),
  data: noted(z.record(z.string(), z.unknown()).nullable(), 'A JSON object of the application.'),
}

export const Message = z.object({
  id: Uuid,
  chat_id: Uuid,
  seq: Seq,
  sender: noted(Sender, 'Names are null once the account is deleted.'),
  client_message_id: noted(z.string().nullable(), 'Null for all users except the sender.'),
  text: noted(z.string().nullable(), 'Null once deleted.', 'Tea at five?'),
  ...extras,
  kind: noted(z.string().nullable(), 'What the application calls this kind of message; a client that does not know it shows `text`.'),
  forwarded_from: noted(z.object({ sender: Sender, created_at: Time }).nullable(), 'The first author of a forwarded message.'),
  ...reacted,
  my_reactions: noted(z.array(z.string()).nullable(), 'Your own; null in frames and events.'),
  reply_to: Uuid.nullable(),
  version: noted(z.int().min(1), 'Starts at 1 and grows by one with every edit.'),
  created_at: Time,
  edited_at: Time.nullable(),
  deleted_at: Time.nullable(),
  read: noted(z.boolean(), 'Whether every present member except the sender has read it, and there is at least one.'),
})
export type Message = z.infer<typeof Message>
export const MessagePage = page(Message)

export const Reading = z.object({ chat_id: Uuid, read_seq: z.int(), unread: z.int().min(0), unread_mentions: z.int().min(0) })
export type Reading = z.infer<typeof Reading>

export const MessageReader = z.object({ user: User, read_at: Time })
export type MessageReader = z.infer<typeof MessageReader>
export const ReaderPage = page(MessageReader)
