import { z } from 'zod'
import { listed, noted, page, search, Time, Uuid } from './common.ts'

const user = {
  id: Uuid,
  username: noted(z.string().nullable(), 'Null once deleted.', 'ann'),
  name: noted(z.string().nullable(), 'Null once deleted.', 'Ann'),
  last_seen_at: noted(Time.nullable(), 'Rounded to the minute; null unless you share a chat.'),
}

/** A user, as other users see them. */
export const User = z.object(user)
export type User = z.infer<typeof User>

/** The caller. */
export const Me = z.object({ ...user, email: noted(z.string().nullable(), 'Null for guests.', 'ann@example.com'), created_at: Time })
export type Me = z.infer<typeof Me>

export const UserPage = page(User)
export const PeopleQuery = z.strictObject({ query: search.optional(), ...listed })
