import type { Instant } from '../../domain/ids.ts'

/** What another system says about one of its users. */
export interface Profile {
  readonly name?: string | undefined
  readonly username?: string | undefined
  /** An address that the other system has verified. */
  readonly email?: string | undefined
  readonly avatarUrl?: string | undefined
}

export interface Vouched {
  readonly externalId: string
  readonly profile: Profile
  readonly issuedAt: Instant
  readonly expiresAt: Instant
  /** The issuer's session; undefined if the token names none. */
  readonly sid: string | undefined
}

/** Other systems whose tokens let their users in. */
export interface Issuers {
  /**
   * Returns what a token says if one of the issuers signed it; undefined if it names none of them. Refuses with `unauthenticated` or
   * `token-expired`, and with `overloaded` if the issuer's keys cannot be fetched.
   */
  verify(token: string): Promise<Vouched | undefined>
}

/** Nobody but this service lets users in. */
export const noIssuers: Issuers = { verify: async () => undefined }
