/** A system whose tokens let its users in. */
export interface Issuer {
  /** The `iss` of its tokens, to the letter. */
  readonly issuer: string
  /** What their `aud` has to hold. */
  readonly audience: string
  /** Where its keys are; else found by its OpenID configuration. */
  readonly jwksUrl?: string | undefined
  /** Stands before its user ids, so that those of two issuers do not meet. */
  readonly prefix?: string | undefined
}
