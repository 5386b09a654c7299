/** What is counted: by login name, by network address, or by person. */
export type LimitKind = 'login' | 'login-address' | 'register' | 'refresh' | 'send' | 'connect'

export interface RateLimiter {
  /** Counts one more of a kind for this key; refuses with `too-many-requests` when there were too many of late. */
  admit(kind: LimitKind, key: string): Promise<void>
}
