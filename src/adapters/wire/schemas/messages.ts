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
  'The sender’s own name for this message, made and kept before the first attempt.',
  '0b9a8c1e-41',
)
export const text = noted(plain(), '1 to 4,096 characters after trimming.', 'Tea at five?')

/** What is sent, wherever it goes. */
export const content = { client_message_id: key, text, reply_to: noted(asMessageId.optional(), 'A message of the same chat.') }
export const NewMessage = z.strictObject(content)
export const NewMessageToUser = z.strictObject({ client_message_id: key, text })

export const version = noted(z.int().min(1).optional(), 'The version that one saw: another one by now refuses the change.')
export const MessageChange = z.strictObject({ text, version })

export const ReadMark = z.union([z.strictObject({ message_id: asMessageId }), z.strictObject({ seq: seqFrom0 })])

const places = ['before', 'after', 'around', 'offset', 'cursor'] as const
const filters = { sender_id: userInPath.optional(), query: search.optional() }

export const MessagesQuery = z
  .strictObject({
    before: noted(whole(0).optional(), 'The nearest below this `seq`.'),
    after: noted(whole(0).optional(), 'The nearest above this `seq`.'),
    around: noted(whole(0).optional(), 'Half of the page below this `seq`, the rest from it on.'),
    offset: noted(whole(0).optional(), 'Counts matching messages from the first, with `order=desc` from the last.'),
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
  .strictObject({ after: noted(whole(0).optional(), 'Events above this `seq`; from the first when left out.'), ...listed })
  .check(({ value, issues }) => {
    if (value.after !== undefined && value.cursor !== undefined)
      issues.push({ code: 'custom', message: 'does not go together with after', path: ['cursor'], input: value })
  })

export const Message = z.object({
  id: Uuid,
  chat_id: Uuid,
  seq: Seq,
  sender: noted(z.object({ id: Uuid, username: z.string().nullable(), name: z.string().nullable() }), 'Without names once deleted.'),
  client_message_id: noted(z.string().nullable(), 'Null for everybody but the sender.'),
  text: noted(z.string().nullable(), 'Null when deleted.', 'Tea at five?'),
  reply_to: Uuid.nullable(),
  version: noted(z.int().min(1), 'Grows by one with every edit.'),
  created_at: Time,
  edited_at: Time.nullable(),
  deleted_at: Time.nullable(),
  read: noted(z.boolean(), 'Every present member but the sender has reached it, and there is at least one.'),
})
export type Message = z.infer<typeof Message>
export const MessagePage = page(Message)

export const Reading = z.object({ chat_id: Uuid, read_seq: z.int(), unread: z.int().min(0) })
export type Reading = z.infer<typeof Reading>

export const MessageReader = z.object({ user: User, read_at: Time })
export type MessageReader = z.infer<typeof MessageReader>
export const ReaderPage = page(MessageReader)
