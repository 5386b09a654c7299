import type { Duration } from '../../domain/ids.ts'

/** What is counted, by network or user. */
export type LimitKind =
  | 'login-address'
  | 'recover'
  | 'register'
  | 'refresh'
  | 'send'
  | 'upload'
  | 'react'
  | 'connect'
  | 'work'
  | 'work-network'
  | 'create'
  | 'frame'
  | 'inlet'

/** The state of a counter. */
export interface Counted {
  readonly kind: LimitKind
  /** Points per `windowMs`, at most. */
  readonly quota: number
  readonly windowMs: Duration
  /** Points that are left, and milliseconds until all are available again. */
  readonly remaining: number
  readonly resetMs: Duration
}

export interface RateLimiter {
  /**
   * Counts `points` more (default 1) of a kind for this key. Above the limit it counts nothing and refuses with
   * `too-many-requests`. Returns the state of the counter, as a promise if somebody has to be asked; undefined if this kind is not limited.
   */
  admit(kind: LimitKind, key: string, points?: number): Promise<Counted | undefined> | Counted | undefined
}
