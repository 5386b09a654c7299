import { z } from 'zod'
import { listed, noted, page, search, Time, Uuid } from './common.ts'
import { MyPrivacy } from './consent.ts'
import { MyNotices } from './notices.ts'

const user = {
  id: Uuid,
  username: noted(z.string().nullable(), 'Null once deleted.', 'ann'),
  name: noted(z.string().nullable(), 'Null once deleted.', 'Ann'),
  kind: noted(z.enum(['person', 'bot', 'guest', 'system']), '`bot`: a program. `guest`: has no account. `system`: the service itself.'),
  avatar_url: noted(z.string().nullable(), 'An https URL: a picture that another system keeps.', 'https://example.com/ann.png'),
  avatar: noted(Uuid.nullable(), 'The file that is the picture of the user; every user may read it.'),
  last_seen_at: noted(
    Time.nullable(),
    'Rounded to the minute; null unless you share a group or have both written in your private chat, and both let it be seen.',
  ),
  blocked: noted(z.literal(true).optional(), 'You have blocked this user.'),
}

/** A user, as other users see them. */
export const User = z.object(user)
export type User = z.infer<typeof User>

/** The caller. */
export const Me = z.object({
  ...user,
  email: noted(z.string().nullable(), 'Null for guests.', 'ann@example.com'),
  email_verified: noted(
    z.boolean(),
    'Whether `email` is verified. You cannot sign in with an email before that, and other users cannot find you by it.',
  ),
  is_admin: noted(z.boolean(), 'Whether you are a member of the staff.'),
  external_id: noted(z.string().nullable(), 'What another system calls this user.', 'crm:4711'),
  created_at: Time,
})
export type Me = z.infer<typeof Me>
/** The caller, with the settings of notifications for all chats and of privacy. */
export const MyProfile = Me.extend({ notices: MyNotices, privacy: MyPrivacy })
export type MyProfile = z.infer<typeof MyProfile>

export const UserPage = page(User)
export const PeopleQuery = z.strictObject({ query: search.optional(), ...listed })

/** A session began on a network from which the user was not signed in before. */
export const SignInNotice = {
  kind: z.enum(['sign-in']),
  session_id: Uuid,
  device_name: z.string().nullable(),
  network: noted(z.string(), 'The /24 of an IPv4 address, the /64 of an IPv6 address.', '192.0.2.0/24'),
  at: Time,
}
