import { z } from 'zod'
import { between, noted, plain, Time } from './common.ts'
import { instant } from './hooks.ts'

const level = z.enum(['all', 'mentions', 'none'])

export const ChatNoticesChange = z.strictObject({
  level: noted(level.nullable().default(null), '`mentions`: also of replies to your messages. Null: as for all chats.'),
  muted_until: noted(instant.nullable().default(null), 'Null: not muted.'),
})
export const ChatNotices = z.object({ level: level.nullable(), muted_until: Time.nullable() })
export type ChatNotices = z.infer<typeof ChatNotices>

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is a time of the day: HH:MM')
export const Quiet = z.strictObject({
  from: timeOfDay,
  to: timeOfDay,
  zone: noted(plain().max(64), 'The name of a time zone.', 'Europe/Berlin'),
})
const digest = noted(z.boolean(), 'Whether a mail tells you, at most once a day, how much you have missed. Off at first.')
export const MyNoticesChange = z.strictObject({ level: level.optional(), quiet: Quiet.nullable().optional(), digest: digest.optional() })
export const MyNotices = z.object({
  level,
  quiet: Quiet.nullable(),
  digest: noted(
    digest.optional(),
    'Whether a mail tells you, at most once a day, how much you have missed. Left out where the service sends none.',
  ),
})
export type MyNotices = z.infer<typeof MyNotices>

export const unsubscribeSecretInPath = noted(z.string(), 'The secret in the address.')
export const Unsubscribed = z.object({ unsubscribed: z.literal(true) })
export const deviceInPath = noted(between(1, 128), 'The id of a device, chosen by the client.')
export const NewPushDevice = z.strictObject({
  kind: z.literal('web'),
  endpoint: noted(plain().max(2_048), 'As in `PushSubscription`.'),
  keys: z.strictObject({ p256dh: plain().max(256), auth: plain().max(64) }),
  content: noted(z.enum(['full', 'name', 'none']), 'What notifications show: name and text, the name, or neither.'),
  level: noted(level.optional(), 'For this device, instead of those of chats.'),
})
export const PushKey = z.object({ vapid_key: noted(z.string(), 'The `applicationServerKey` of subscriptions, base64url.') })
