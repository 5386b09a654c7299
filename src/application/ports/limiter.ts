import type { Duration } from '../../domain/ids.ts'

/** What is counted: by login name, by network, or by person. */
export type LimitKind =
  | 'login'
  | 'login-address'
  | 'register'
  | 'refresh'
  | 'send'
  | 'connect'
  | 'work'
  | 'work-network'
  | 'create'
  | 'frame'

/** Where a counter stands. */
export interface Counted {
  readonly kind: LimitKind
  /** Points that may be used up within `windowMs`. */
  readonly quota: number
  readonly windowMs: Duration
  /** Points that are left, and milliseconds until all are there again. */
  readonly remaining: number
  readonly resetMs: Duration
}

export interface RateLimiter {
  /**
   * Counts `points` more (1 unless given) of a kind for this key; above the limit it counts nothing and refuses with
   * `too-many-requests`. Answers where the counter stands, if it counts at all.
   */
  admit(kind: LimitKind, key: string, points?: number): Promise<Counted | undefined>
}
