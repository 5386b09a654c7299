import { z } from 'zod'
import { asChatId, asUserId, listed, noted, page, plain, search, Time, Uuid } from './common.ts'
import { Me } from './people.ts'

/** A user, as staff sees them. */
export const Account = z.object({
  ...Me.shape,
  disabled_at: noted(Time.nullable(), 'Since when the user cannot sign in.'),
  is_admin: noted(z.boolean(), 'Whether the user is a member of staff.'),
})
export type Account = z.infer<typeof Account>
export const AccountPage = page(Account)
export const AccountsQuery = z.strictObject({
  query: search.optional(),
  state: noted(z.enum(['active', 'disabled']).optional(), 'All users unless given.'),
  ...listed,
})
export const AccountChange = z.strictObject({ disabled: z.boolean().optional(), name: plain().optional(), username: plain().optional() })

export const OneTimeCode = z.object({ code: noted(z.string(), 'For `POST /auth/reset`; shown once.'), expires_at: Time })

export const InspectedChat = z.object({
  id: Uuid,
  kind: z.enum(['private', 'group']),
  name: z.string().nullable(),
  created_at: Time,
  head_seq: z.int(),
  member_count: z.int(),
})
export type InspectedChat = z.infer<typeof InspectedChat>

export const Deed = z.object({
  id: Uuid,
  at: Time,
  deed: noted(z.string(), 'What was done.', 'user.disabled'),
  actor_id: noted(Uuid.nullable(), 'Null: the command line.'),
  key_id: noted(Uuid.nullable(), 'The key of a back end.'),
  user_id: Uuid.nullable(),
  chat_id: Uuid.nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type Deed = z.infer<typeof Deed>
export const DeedPage = page(Deed)
export const DeedsQuery = z.strictObject({
  user_id: noted(asUserId.optional(), 'Deeds about this user.'),
  chat_id: noted(asChatId.optional(), 'Deeds about this chat.'),
  ...listed,
})
