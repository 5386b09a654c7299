import type { Count, Instant, UserId } from './ids.ts'

export type FactorKind = 'totp' | 'passkey' | 'recovery'

/** What a user has besides the password. */
export interface Factor {
  readonly id: string
  readonly userId: UserId
  readonly kind: FactorKind
  readonly name: string
  /** Of an authenticator app the sealed secret, of a passkey the public key, of a recovery code its keyed digest. */
  readonly secret: string
  readonly credentialId: string | undefined
  readonly counter: Count
  readonly createdAt: Instant
  /** Undefined as long as the user has not proved to have it. */
  readonly confirmedAt: Instant | undefined
  readonly lastUsedAt: Instant | undefined
}
