import { z } from 'zod'
import { limits } from '../limits.ts'
import { asChatId, noted, page, plain, Seq, Time, Uuid } from './common.ts'

const BATCH_MAX = 100

/** A time as requests give it. */
export const instant = z.iso
  .datetime({ offset: true, error: 'is a time (RFC 3339)' })
  .transform((text) => Date.parse(text))
  .pipe(z.number())

const types = noted(z.array(plain().max(64)).min(1).max(64), 'Types of events.', ['message.sent'])
const chatIds = noted(z.array(asChatId).min(1).max(limits.ids_per_call), 'Ids of chats.')
const batch = noted(z.int().min(1).max(BATCH_MAX), 'Events of one chat in a request, at most.')
const url = noted(
  plain().max(2_048),
  'An https: URL, or an http: URL of a private network. The server checks the address at every connection.',
)

export const NewHook = z.strictObject({
  url,
  types: types.optional(),
  chat_ids: chatIds.optional(),
  from: noted(z.union([z.literal('now'), instant]).default('now'), 'The webhook receives events from this time on.'),
  batch: batch.default(1),
})

export const HookChange = z
  .strictObject({
    url: url.optional(),
    types: noted(types.nullable().optional(), 'Null: all.'),
    chat_ids: noted(chatIds.nullable().optional(), 'Null: all.'),
    batch: batch.optional(),
    enabled: noted(z.boolean().optional(), 'Switch the webhook on, also after it was answered 410, or off.'),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), { error: 'changes something' })

export const HookReplay = z.strictObject({
  from: noted(instant, 'Events from this time on are delivered again.'),
  chat_id: noted(asChatId.optional(), 'Only in this chat.'),
})
export const HookSkip = z.strictObject({ chat_id: asChatId })

const hook = {
  id: Uuid,
  url: z.string(),
  types: noted(z.array(z.string()).nullable(), 'Null: all.'),
  chat_ids: noted(z.array(Uuid).nullable(), 'Null: all.'),
  batch: z.int(),
  enabled: z.boolean(),
  state: noted(z.enum(['ok', 'failing', 'off']), '`failing`: nothing was acknowledged for 3 minutes; one request at a time is attempted.'),
  behind: noted(z.int().min(0), 'Events that wait, as known about a second ago.'),
  last_success_at: Time.nullable(),
  last_error: noted(z.string().nullable(), 'Of the last attempt, if it failed.'),
}
export const Hook = z.object(hook)
export type Hook = z.infer<typeof Hook>
export const HookPage = page(Hook)
export const HookWithSecret = z.object({
  ...hook,
  secret: noted(z.string(), 'Signs the requests (Standard Webhooks). It is not shown again.'),
})

export const DeadRange = z.object({ chat_id: Uuid, from: Seq, to: Seq, at: Time, error: z.string().nullable() })
export type DeadRange = z.infer<typeof DeadRange>
export const DeadPage = page(DeadRange)
