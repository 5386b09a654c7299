import type { Duration } from '../../domain/ids.ts'

/** What a deployment decides about accounts, and how long it keeps what they write. */
export interface Policy {
  readonly accessTtl: Duration
  readonly refreshTtl: Duration
  /** How long a session lasts from its beginning, whatever happens. */
  readonly sessionTtl: Duration
  readonly directory: 'open' | 'exact'
  readonly guests: boolean
  /** How long a guest lasts without use. */
  readonly guestTtl?: Duration
  /** How long the texts of messages stay; undefined: for ever. */
  readonly messageTtl?: Duration | undefined
}
