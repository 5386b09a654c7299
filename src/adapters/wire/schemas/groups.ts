import { z } from 'zod'
import { REASON_LIMIT } from '../../../domain/words.ts'
import { addressed, noted, page, plain, Time, Uuid } from './common.ts'
import { instant } from './hooks.ts'
import { User } from './people.ts'

export const Muting = z.strictObject({ until: noted(instant, 'In the future.') })

export const Banning = z.strictObject({
  until: noted(instant.optional(), 'In the future. Without it, for good.'),
  reason: noted(
    plain()
      .max(2 * REASON_LIMIT)
      .optional(),
    'For the owner and admins: at most 256 characters.',
    'Advertising',
  ),
})
export const Ban = z.object({
  user: User,
  until: noted(Time.nullable(), 'Null: for good.'),
  reason: z.string().nullable(),
  banned_at: Time,
  banned_by: Uuid,
})
export type Ban = z.infer<typeof Ban>
export const BanPage = page(Ban)

export const NewInvitation = z.strictObject({
  expires_at: noted(instant.optional(), 'At most 366 days away; in 7 days unless given.'),
  uses: noted(z.int().min(1).max(1_000_000).optional(), 'How many users it lets in, at most. Without it, as many as come.'),
  approval: noted(z.boolean().optional(), 'Whether those who have the code ask, and the owner or an admin lets them in.'),
})
const invitation = {
  id: Uuid,
  created_at: Time,
  created_by: Uuid,
  expires_at: Time,
  uses: noted(z.int().nullable(), 'How many users it lets in, at most; null: as many as come.'),
  used: noted(z.int(), 'How many it has let in.'),
  approval: noted(z.boolean(), 'Whether those who have the code ask to be let in.'),
}
export const Invitation = z.object(invitation)
export type Invitation = z.infer<typeof Invitation>
export const InvitationWithCode = z.object({
  ...invitation,
  code: noted(z.string(), 'What `POST /chats/join` takes. It is not shown again.'),
  url: noted(z.string(), 'A page that joins with it: the code stands after the `#`, which browsers do not send.'),
})
export const InvitationPage = page(Invitation)
export const invitationInPath = addressed<string>('The id of an invitation.')

export const JoinRequest = z.object({
  user: User,
  requested_at: Time,
  invitation_id: noted(Uuid, 'The invitation by which the user found the group.'),
})
export type JoinRequest = z.infer<typeof JoinRequest>
export const JoinRequestPage = page(JoinRequest)
export const Asked = z.object({
  chat_id: Uuid,
  name: noted(z.string(), 'Of the group.'),
  is_member: noted(z.boolean(), 'Whether you are in it already.'),
})
export type Asked = z.infer<typeof Asked>

export const Joining = z.strictObject({ code: noted(plain().max(256), 'The code of an invitation.') })
