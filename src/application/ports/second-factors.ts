import type { Count, Instant } from '../../domain/ids.ts'

/** Authenticator apps (RFC 6238). */
export interface Totp {
  /** A new secret, in base32. */
  newSecret(): string
  /** What an authenticator app reads, as a link or a QR code. */
  uri(secret: string, account: string): string
  /** Returns the time step to which a code belongs, one step earlier or later included; undefined if it is wrong. */
  stepOf(secret: string, code: string, now: Instant): Count | undefined
}

/** The answer of an authenticator, as the browser gives it: checked by the adapter. */
export type PasskeyResponse = Readonly<Record<string, unknown>>

/** Passkeys (WebAuthn). */
export interface Passkeys {
  /** What the browser needs for making a passkey. `challenge` is a random text in base64url. */
  creation(about: {
    readonly challenge: string
    readonly user: { readonly id: string; readonly name: string; readonly displayName: string }
    readonly known: readonly string[]
  }): Promise<PasskeyResponse>
  /** What the browser needs for signing in. */
  request(challenge: string): Promise<PasskeyResponse>
  /** Returns the new passkey of an answer; undefined if it is wrong. */
  created(
    response: PasskeyResponse,
    challenge: string,
  ): Promise<{ readonly credentialId: string; readonly publicKey: string; readonly counter: Count } | undefined>
  /** Returns the signature counter of an answer; undefined if it is wrong. */
  used(
    response: PasskeyResponse,
    expected: { readonly challenge: string; readonly credentialId: string; readonly publicKey: string; readonly counter: Count },
  ): Promise<Count | undefined>
}
