import { accountRoutes } from '../../adapters/wire/routes/accounts.ts'
import type { Session as WireSession } from '../../adapters/wire/schemas/identity.ts'
import type { CallOptions } from '../basic-types.ts'
import type { Auth, ChatClient, Session } from '../types.ts'
import type { PasskeyAnswer, PasskeyOptions } from './factors.ts'

/** Has a code for a new password mailed to the user who has this login, if there is one. Resolves the same way if there is none. */
export async function requestReset(auth: Auth, login: string, { signal }: CallOptions = {}): Promise<void> {
  await auth.call(accountRoutes.recover, { body: { login }, signal })
}

export interface PasswordReset {
  /** As the mail has it, or the staff of the service. */
  readonly code: string
  readonly password: string
  readonly secondFactor?: string | undefined
  readonly deviceName?: string | undefined
}

/** Sets a new password and signs in; all other sessions end. Rejects with `bad-code` or `second-factor`. */
export function resetPassword(
  auth: Auth,
  { code, password, secondFactor, deviceName }: PasswordReset,
  { signal }: CallOptions = {},
): Promise<Session> {
  const body = { code, password, second_factor: secondFactor, device_name: deviceName }
  return auth.signIn(auth.call<WireSession>(accountRoutes.resetPassword, { body, signal }))
}

/** Begins to sign in with a passkey. Rejects with `not-found` where the service has none. */
export async function passkeySignIn(auth: Auth, { signal }: CallOptions = {}): Promise<PasskeyOptions> {
  const { challenge_id, options } = await auth.call<{ challenge_id: string; options: PasskeyOptions['options'] }>(
    accountRoutes.passkeySignIn,
    { signal },
  )
  return { challengeId: challenge_id, options }
}

/** Signs in with what the browser answered to `passkeySignIn`. */
export function signInWithPasskey(
  auth: Auth,
  { challengeId, response, deviceName }: PasskeyAnswer & { readonly deviceName?: string | undefined },
  { signal }: CallOptions = {},
): Promise<Session> {
  const body = { challenge_id: challengeId, response, device_name: deviceName }
  return auth.signIn(auth.call<WireSession>(accountRoutes.signInWithPasskey, { body, signal }))
}

/** Makes a guest an account with an email and a password: the chats stay. Rejects with `email-taken` or `username-taken`. */
export function upgradeGuest(
  { call }: ChatClient,
  auth: Auth,
  account: { readonly email: string; readonly password: string; readonly username?: string | undefined },
  { signal }: CallOptions = {},
): Promise<Session> {
  return auth.signIn(call<WireSession>(accountRoutes.upgradeGuest, { body: account, signal }))
}

/** Verifies the user's email with the code that was mailed to it. Rejects with `bad-code` or `email-taken`. */
export async function verifyEmail({ call, account }: ChatClient, code: string, { signal }: CallOptions = {}): Promise<void> {
  await call(accountRoutes.verifyEmail, { body: { code }, signal })
  await account.update({}, { signal })
}

/** Has another code mailed to the email that is to be verified. Rejects with `too-many-requests`. */
export async function sendEmailCode({ call }: ChatClient, { signal }: CallOptions = {}): Promise<void> {
  await call(accountRoutes.sendEmailCode, { signal })
}

/** Changes the user's email, which is to be verified where the service sends mail. Rejects with `bad-credentials` or `email-taken`. */
export async function changeEmail(
  { call, account }: ChatClient,
  { email, currentPassword }: { readonly email: string; readonly currentPassword: string },
  { signal }: CallOptions = {},
): Promise<void> {
  await call('updateMe', { body: { email, current_password: currentPassword }, signal })
  await account.update({}, { signal })
}
