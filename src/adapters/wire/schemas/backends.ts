import { z } from 'zod'
import { AVATAR_LIMIT, EXTERNAL_ID_LIMIT } from '../../../domain/keys.ts'
import { KEY_SCOPES } from '../../../domain/scopes.ts'
import { Chat } from './chats.ts'
import { asUserId, between, noted, page, plain, Time, Uuid } from './common.ts'
import { User } from './people.ts'

const USERS = 100
const CHATS = 20
const MEMBERS = 5_000

const external_id = noted(between(1, EXTERNAL_ID_LIMIT), 'What your system calls it, to the letter.', 'crm:4711')
const name = noted(plain(), '1 to 128 characters after trimming.', 'Ann')

export const UsersWanted = z.strictObject({
  users: z
    .array(
      z.strictObject({
        external_id,
        name,
        username: noted(plain().optional(), '3 to 32 of `a–z 0–9 . _ -`; made from the name if left out.', 'ann'),
        email: noted(plain().optional(), 'At most 254 characters.', 'ann@example.com'),
        avatar_url: noted(plain().max(AVATAR_LIMIT).nullable().optional(), 'An https URL; null: none.'),
        kind: z.enum(['person', 'bot']).optional(),
        disabled: noted(z.boolean().optional(), 'Whether the user may not sign in.'),
      }),
    )
    .min(1)
    .max(USERS),
})
const result = z.enum(['created', 'updated', 'same'])
export const UsersProvisioned = z.object({ items: z.array(z.object({ external_id: z.string(), user: User, result })) })

export const ChatsWanted = z.strictObject({
  chats: z
    .array(
      z.strictObject({
        external_id,
        name: noted(plain(), '1 to 128 characters after trimming.', 'Order 4711'),
        owner: noted(external_id, 'The external id of a user.'),
        members: noted(z.array(external_id).max(MEMBERS), 'External ids of users.'),
        exact: noted(z.boolean().optional(), 'Whether members that are not listed are removed.'),
      }),
    )
    .min(1)
    .max(CHATS),
})
export const ChatsProvisioned = z.object({ items: z.array(z.object({ external_id: z.string(), chat: Chat, result })) })

export const ExternalQuery = z.strictObject({ external_id })

const scope = z.enum(KEY_SCOPES)
export const NewKey = z.strictObject({
  name,
  scopes: noted(z.array(scope).max(KEY_SCOPES.length).optional(), 'What the key may do; left out for a bot.'),
  bot_id: noted(asUserId.optional(), 'The bot whom the key stands for.'),
  expires_at: noted(z.iso.datetime({ offset: true }).optional(), 'RFC 3339.', '2027-01-31T09:30:00.000Z'),
})
const key = {
  id: Uuid,
  name: z.string(),
  scopes: z.array(scope),
  bot_id: Uuid.nullable(),
  created_at: Time,
  expires_at: Time.nullable(),
}
export const Key = z.object(key)
export type Key = z.infer<typeof Key>
export const KeyMade = z.object({ ...key, key: noted(z.string(), 'The key itself; it is shown this once.', 'wck_…') })
export const KeyPage = page(Key)
