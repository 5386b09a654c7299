import type { Instant, SessionId, UserId } from '../../domain/ids.ts'

export interface AccessClaims {
  readonly userId: UserId
  readonly sessionId: SessionId
  readonly expiresAt: Instant
}

/** Makes and checks tokens; keeps none. */
export interface Tokens {
  access(claims: AccessClaims): Promise<string>
  /** Who a token names. Refuses with `unauthenticated` or `token-expired`. */
  verifyAccess(token: string): Promise<AccessClaims>
  /** The refresh token of a session's generation: always the same for the same two. */
  refresh(sessionId: SessionId, generation: number): string
  /** Which session and generation a refresh token names; undefined for what was never issued. */
  verifyRefresh(token: string): { readonly sessionId: SessionId; readonly generation: number } | undefined
}
