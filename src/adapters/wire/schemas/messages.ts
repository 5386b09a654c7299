import { z } from 'zod'
import type { ClientMessageId } from '../../../domain/ids.ts'
import { limits } from '../limits.ts'
import {
  asMessageId,
  between,
  chatInPath,
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
import { User } from './people.ts'

const key = noted(
  between(1, limits.key_length) as unknown as z.ZodType<ClientMessageId, string>,
  'The idempotency key: made by the client and stored before the first attempt.',
  '0b9a8c1e-41',
)
export const text = noted(plain(), '1 to 4,096 characters after trimming.', 'Tea at five?')

/** The content of a message to send. */
export const content = { client_message_id: key, text, reply_to: noted(asMessageId.optional(), 'A message of the same chat.') }
export const NewMessage = z.strictObject(content)
export const NewMessageToUser = z.strictObject({ client_message_id: key, text })

export const version = noted(z.int().min(1).optional(), 'The version that you edit. If the message has another one, the edit is refused.')
export const MessageChange = z.strictObject({ text, version })

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

export const EventsQuery = z
  .strictObject({ after: noted(whole(0).optional(), 'Events above this `seq`; without it, from the first.'), ...listed })
  .check(({ value, issues }) => {
    if (value.after !== undefined && value.cursor !== undefined)
      issues.push({ code: 'custom', message: 'does not go together with after', path: ['cursor'], input: value })
  })

export const Message = z.object({
  id: Uuid,
  chat_id: Uuid,
  seq: Seq,
  sender: noted(
    z.object({ id: Uuid, username: z.string().nullable(), name: z.string().nullable() }),
    'Names are null once the account is deleted.',
  ),
  client_message_id: noted(z.string().nullable(), 'Null for all users except the sender.'),
  text: noted(z.string().nullable(), 'Null once deleted.', 'Tea at five?'),
  reply_to: Uuid.nullable(),
  version: noted(z.int().min(1), 'Starts at 1 and grows by one with every edit.'),
  created_at: Time,
  edited_at: Time.nullable(),
  deleted_at: Time.nullable(),
  read: noted(z.boolean(), 'Whether every present member except the sender has read it, and there is at least one.'),
})
export type Message = z.infer<typeof Message>
export const MessagePage = page(Message)

export const Reading = z.object({ chat_id: Uuid, read_seq: z.int(), unread: z.int().min(0) })
export type Reading = z.infer<typeof Reading>

export const MessageReader = z.object({ user: User, read_at: Time })
export type MessageReader = z.infer<typeof MessageReader>
export const ReaderPage = page(MessageReader)
