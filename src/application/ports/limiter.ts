/** What is counted: by login name, by network address, or by person. */
export type LimitKind = 'login' | 'login-address' | 'register' | 'refresh' | 'send' | 'connect'

export interface RateLimiter {
  /** Counts `points` more (1 unless given) of a kind for this key; above the limit it counts nothing and refuses with `too-many-requests`. */
  admit(kind: LimitKind, key: string, points?: number): Promise<void>
}
