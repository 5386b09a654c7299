import type { KeyScope } from '../domain/scopes.ts'
import type { Counted } from './ports/limiter.ts'
import type { Access } from './ports/sessions.ts'

/** Who asks: somebody signed in on one device. */
export interface Caller extends Access, Partial<Origin> {
  /** Of the caller's key. */
  readonly scopes?: readonly KeyScope[] | undefined
}

/** What a driver may tell of a call besides who makes it. */
export interface Origin {
  /** The network address that the call comes from: limits count by its network. */
  readonly address: string
  /** Names the request in logs. */
  readonly requestId: string
  /** Where the request reached the server: scheme and host. */
  readonly base?: string | undefined
  /** Of a call whose command has none. */
  readonly idempotencyKey?: string | undefined
  /** Is called with each counter that the call has used up. */
  readonly onCounted: (counted: Counted) => void
}

/** A caller who is not authenticated, identified by network address only. */
export interface Anonymous extends Pick<Origin, 'address'>, Partial<Omit<Origin, 'address'>> {}
