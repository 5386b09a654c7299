import { accountRoutes } from '../../adapters/wire/routes/accounts.ts'
import type { Factor as WireFactor } from '../../adapters/wire/schemas/identity.ts'
import type { CallOptions } from '../basic-types.ts'
import { millis, perhaps } from '../calls/read-wire.ts'
import type { ChatClient } from '../types.ts'

/** An authenticator app or a passkey. */
export interface Factor {
  readonly id: string
  readonly kind: 'totp' | 'passkey'
  readonly name: string
  readonly createdAt: number
  readonly lastUsedAt: number | undefined
}

export interface Factors {
  readonly items: readonly Factor[]
  /** Recovery codes that were not used yet. */
  readonly codesLeft: number
}

/** The secret of an authenticator app, which counts once a code of it is confirmed. */
export interface NewTotp {
  readonly id: string
  /** Base32, for typing. */
  readonly secret: string
  /** For a QR code. */
  readonly uri: string
}

/** What the browser is asked: for `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`. */
export interface PasskeyOptions {
  readonly challengeId: string
  readonly options: Readonly<Record<string, unknown>>
}

/** What the browser answered: `PublicKeyCredential.toJSON()`. */
export interface PasskeyAnswer {
  readonly challengeId: string
  readonly response: unknown
}

/** Recovery codes are shown this once; undefined if the user has some already. */
type Added = { readonly recoveryCodes: readonly string[] | undefined }
interface WireAdded {
  readonly recovery_codes: readonly string[] | null
}
const readAdded = ({ recovery_codes }: WireAdded): Added => ({ recoveryCodes: recovery_codes ?? undefined })

/** Returns the user's second factors. */
export async function listFactors({ call }: ChatClient, { signal }: CallOptions = {}): Promise<Factors> {
  const { items, recovery_codes_left } = await call<{ items: WireFactor[]; recovery_codes_left: number }>(accountRoutes.listFactors, {
    signal,
  })
  const read = ({ created_at, last_used_at, ...factor }: WireFactor): Factor => ({
    ...factor,
    createdAt: millis(created_at),
    lastUsedAt: perhaps(last_used_at),
  })
  return { items: items.map(read), codesLeft: recovery_codes_left }
}

/** Returns a secret for an authenticator app. Rejects with `bad-credentials` or `factors-full`. */
export async function addTotp(
  { call }: ChatClient,
  { currentPassword, name }: { readonly currentPassword: string; readonly name?: string | undefined },
  { signal }: CallOptions = {},
): Promise<NewTotp> {
  const { id, secret, uri } = await call<NewTotp>(accountRoutes.addTotp, { body: { current_password: currentPassword, name }, signal })
  return { id, secret, uri }
}

/** From now on the app's codes are asked for at sign-in. Rejects with `bad-code`. */
export async function confirmTotp({ call }: ChatClient, factorId: string, code: string, { signal }: CallOptions = {}): Promise<Added> {
  return readAdded(await call<WireAdded>(accountRoutes.confirmTotp, { params: { factor_id: factorId }, body: { code }, signal }))
}

/** Begins to make a passkey. Rejects with `bad-credentials`, or `not-found` where the service has none. */
export async function passkeyCreation(
  { call }: ChatClient,
  currentPassword: string,
  { signal }: CallOptions = {},
): Promise<PasskeyOptions> {
  const { challenge_id, options } = await call<{ challenge_id: string; options: PasskeyOptions['options'] }>(
    accountRoutes.passkeyCreation,
    { body: { current_password: currentPassword }, signal },
  )
  return { challengeId: challenge_id, options }
}

/** Adds the passkey that the browser has made. Rejects with `bad-code` or `factors-full`. */
export async function addPasskey(
  { call }: ChatClient,
  { challengeId, response, name }: PasskeyAnswer & { readonly name?: string | undefined },
  { signal }: CallOptions = {},
): Promise<Added> {
  return readAdded(await call<WireAdded>(accountRoutes.addPasskey, { body: { challenge_id: challengeId, response, name }, signal }))
}

/** Removes an authenticator app or a passkey; with the last one the recovery codes end. Rejects with `bad-credentials`. */
export async function removeFactor(
  { call }: ChatClient,
  factorId: string,
  currentPassword: string,
  { signal }: CallOptions = {},
): Promise<void> {
  const request = { params: { factor_id: factorId }, body: { current_password: currentPassword }, signal }
  await call(accountRoutes.removeFactor, request)
}

/** Returns new recovery codes, each for one sign-in; the earlier ones end. Rejects with `bad-credentials`. */
export async function newRecoveryCodes(
  { call }: ChatClient,
  currentPassword: string,
  { signal }: CallOptions = {},
): Promise<readonly string[]> {
  const request = { body: { current_password: currentPassword }, signal }
  return (await call<{ recovery_codes: readonly string[] }>(accountRoutes.newRecoveryCodes, request)).recovery_codes
}
