import { z } from 'zod'
import { PASSWORD_MAX, PASSWORD_MIN } from '../../../domain/words.ts'
import { asFileId, between, noted, page, plain, Time, Uuid } from './common.ts'
import { MyPrivacyChange } from './consent.ts'
import { MyNoticesChange } from './notices.ts'
import { Me } from './people.ts'

const name = noted(plain(), '1 to 128 characters after trimming; need not be unique.', 'Ann')
const username = noted(plain(), '3 to 32 of `a–z 0–9 . _ -`, kept in lower case.', 'ann')
const email = noted(plain(), 'At most 254 characters.', 'ann@example.com')
const newPassword = noted(between(PASSWORD_MIN, PASSWORD_MAX), '8 to 128 characters, not a common password.', 'correct horse battery')
const password = noted(plain(), 'The present password.', 'correct horse battery')
const device_name = noted(between(1, 128).optional(), 'The name of this device in the list of sessions.', 'Laptop')

export const Registration = z.strictObject({ name, email, password: newPassword, username: username.optional(), device_name })

const second_factor = noted(
  between(1, 64).optional(),
  'A code of the authenticator app, or a recovery code; needed for users who have a second factor.',
  '123456',
)
const credentials = { password, second_factor, device_name }
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
export const MeChange = z.strictObject({
  name: name.optional(),
  username: username.optional(),
  avatar: noted(asFileId.nullable().optional(), 'A picture that you uploaded; null: none.'),
  email: email.optional(),
  notices: MyNoticesChange.optional(),
  privacy: MyPrivacyChange.optional(),
  current_password: noted(plain().optional(), 'Needed for another email.', 'correct horse battery'),
})

const code = noted(between(1, 128), 'As the mail has it.', '123456')
export const EmailCode = z.strictObject({ code })
export const Recovery = z.strictObject({ login: noted(plain(), 'An email or a username.', 'ann') })
export const PasswordReset = z.strictObject({ code, password: newPassword, second_factor, device_name })

const factorName = noted(between(1, 128).default(''), 'The name of the device in the list of second factors.', 'Phone')
export const NewTotp = z.strictObject({ current_password: password, name: factorName })
export const TotpCode = z.strictObject({ code })
export const Confirmation = z.strictObject({ current_password: password })
/** What a browser gives and takes as JSON (WebAuthn level 3, §5.1.8 and 5.1.9). */
const webauthn = z.record(z.string(), z.unknown())
const challenge_id = noted(Uuid, 'As the options came with it.')
const response = noted(webauthn, '`PublicKeyCredential.toJSON()`.')
export const NewPasskey = z.strictObject({ challenge_id, response, name: factorName })
export const PasskeySignIn = z.strictObject({ challenge_id, response, device_name })

export const Factor = z.object({
  id: Uuid,
  kind: z.enum(['totp', 'passkey']),
  name: z.string(),
  created_at: Time,
  last_used_at: Time.nullable(),
})
export type Factor = z.infer<typeof Factor>
const recovery_codes = noted(
  z.array(z.string()).nullable(),
  'Shown once. Each stands for a second factor once. Null if you have some already.',
)
export const FactorList = z.object({ items: z.array(Factor), recovery_codes_left: z.int().min(0) })
export const TotpSecret = z.object({
  id: Uuid,
  secret: noted(z.string(), 'Base32, for typing.'),
  uri: noted(z.string(), 'For a QR code; holds the secret.', 'otpauth://totp/…'),
})
export const FactorAdded = z.object({ id: Uuid, recovery_codes })
export const RecoveryCodes = z.object({ recovery_codes: z.array(z.string()) })
export const PasskeyOptions = z.object({
  challenge_id: Uuid,
  options: noted(webauthn, 'For `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.'),
})

/** OAuth 2 (RFC 6749 §4.3, §6). Unknown fields are ignored, as the RFC demands. */
export const TokenForm = z.object({
  grant_type: noted(plain().optional(), '`password` (the default) or `refresh_token`.'),
  username: plain().optional(),
  password: plain().optional(),
  refresh_token: plain().optional(),
  second_factor: noted(plain().optional(), 'For users who have a second factor.'),
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
