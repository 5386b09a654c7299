import { z } from 'zod'
import { PASSWORD_MAX, PASSWORD_MIN } from '../../../domain/words.ts'
import { between, noted, page, plain, Time, Uuid } from './common.ts'
import { MyNoticesChange } from './notices.ts'
import { Me } from './people.ts'

const name = noted(plain(), '1 to 128 characters after trimming; need not be unique.', 'Ann')
const username = noted(plain(), '3 to 32 of `a–z 0–9 . _ -`, kept in lower case.', 'ann')
const email = noted(plain(), 'At most 254 characters.', 'ann@example.com')
const newPassword = noted(between(PASSWORD_MIN, PASSWORD_MAX), '8 to 128 characters, not a common password.', 'correct horse battery')
const password = noted(plain(), 'The present password.', 'correct horse battery')
const device_name = noted(between(1, 128).optional(), 'The name of this device in the list of sessions.', 'Laptop')

export const Registration = z.strictObject({ name, email, password: newPassword, username: username.optional(), device_name })

const credentials = { password, device_name }
/** Accepts the login under three names and returns it as `login`. */
export const Login = z.union([
  z.strictObject({ login: noted(plain(), 'An email or a username.', 'ann'), ...credentials }),
  z.strictObject({ email, ...credentials }).transform(({ email: login, ...rest }) => ({ login, ...rest })),
  z.strictObject({ username, ...credentials }).transform(({ username: login, ...rest }) => ({ login, ...rest })),
])

export const Refresh = z.strictObject({ refresh_token: plain() })
export const PasswordChange = z.strictObject({ current_password: password, new_password: newPassword })
export const Guest = z.strictObject({ name: name.optional() }).default({})
/** A guest becomes an account: of this service, or of an issuer. */
export const Upgrade = z.union([
  z.strictObject({ email, password: newPassword, username: username.optional() }),
  z.strictObject({ token: noted(plain(), 'A token of an issuer.') }),
])
export const Deletion = z.strictObject({
  password: noted(plain(), 'The present password; empty for guests, who have none.', 'correct horse battery'),
})
export const MeChange = z.strictObject({ name: name.optional(), username: username.optional(), notices: MyNoticesChange.optional() })

/** OAuth 2 (RFC 6749 §4.3, §6). Unknown fields are ignored, as the RFC demands. */
export const TokenForm = z.object({
  grant_type: noted(plain().optional(), '`password` (the default) or `refresh_token`.'),
  username: plain().optional(),
  password: plain().optional(),
  refresh_token: plain().optional(),
})

const tokens = {
  access_token: z.string(),
  token_type: z.literal('bearer'),
  expires_in: noted(z.int(), 'Seconds.', 900),
  refresh_token: z.string(),
  refresh_expires_in: noted(z.int(), 'Seconds.', 2_592_000),
}
export const Token = z.object(tokens)
export type Token = z.infer<typeof Token>

/** RFC 6749 §5.2. */
export const TokenError = z.object({
  error: z.enum(['invalid_request', 'invalid_grant', 'unsupported_grant_type']),
  error_description: z.string().optional(),
})
export type TokenError = z.infer<typeof TokenError>

/** The answer to signing in. */
export const Session = z.object({ user: Me, session_id: Uuid, ...tokens })
export type Session = z.infer<typeof Session>

/** The answer to an upgrade: a session, or the user whom the issuer's tokens name from now on. */
export const Upgraded = z.union([Session, z.object({ user: Me })])

/** One entry in the list of sessions. */
export const SessionEntry = z.object({
  id: Uuid,
  device_name: z.string().nullable(),
  created_at: Time,
  last_used_at: Time,
  current: noted(z.boolean(), 'Whether it is the session of this request.'),
})
export type SessionEntry = z.infer<typeof SessionEntry>
export const SessionPage = page(SessionEntry)
