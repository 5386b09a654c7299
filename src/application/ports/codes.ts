import type { Count, Instant, UserId } from '../../domain/ids.ts'

/** What a one-time code is for. */
export type CodeKind = 'verify-email' | 'reset-password' | 'passkey'

export interface CodeName {
  /** The user whose code it is, or the id of a challenge. */
  readonly subject: string
  readonly kind: CodeKind
}

export interface Code extends CodeName {
  readonly userId: UserId | undefined
  /** A keyed digest of the code. */
  readonly mac: string
  /** What the code is for, such as the address to be verified. */
  readonly target: string | undefined
  readonly expiresAt: Instant
}

/** One-time codes, at most one of each kind and subject. */
export interface Codes {
  /** Keeps a code in place of an earlier one. */
  put(code: Code): Promise<void>
  /**
   * Uses up one of `tries` tries, and only then returns the code to be compared. Undefined if there is none that is still valid, or no try is
   * left: however many callers try at once, on however many processes, `tries` of them get it.
   */
  attempt(name: CodeName, limits: { readonly now: Instant; readonly tries: Count }): Promise<Code | undefined>
  /** Deletes the code with this digest if it is still valid, and returns it: to one caller only, however many ask at once. */
  take(name: CodeName & Pick<Code, 'mac'>, now: Instant): Promise<Code | undefined>
  /** Deletes codes that expired before this time and returns how many. */
  forget(before: Instant): Promise<number>
}
