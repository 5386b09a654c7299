import { z } from 'zod'
import { noted, Time, Uuid } from './common.ts'
import { Quiet } from './notices.ts'
import { SignInNotice, User } from './people.ts'

/** A frame that the server sends. */
export const sent = <T extends string, S extends z.ZodRawShape>(type: T, members: S) => z.object({ type: z.literal(type), ...members })

/** Frames about users: how they are shown, and the user's own account and settings. */
export const ownFrames = {
  user: {
    summary: 'A user whom you share a chat with, or you on another device, has another name or picture',
    schema: sent('user', { user: noted(User, '`last_seen_at` is null and `blocked` is absent, whatever you know of them.') }),
  },
  blocked: {
    summary: 'You blocked a user, or no longer do, on one of your devices',
    schema: sent('blocked', { user_id: Uuid, blocked: z.boolean() }),
  },
  notices: {
    summary: 'Your notification settings were changed on one of your devices',
    schema: sent('notices', {
      chat_id: noted(Uuid.nullable(), 'Null: the settings for all chats.'),
      level: z.enum(['all', 'mentions', 'none']).nullable(),
      muted_until: Time.nullable(),
      quiet: noted(Quiet.nullable(), 'Null except for the settings of all chats.'),
    }),
  },
  notice: { summary: 'Something happened to your account: a sign-in on a new network', schema: sent('notice', SignInNotice) },
}
