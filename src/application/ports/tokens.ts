import type { Instant, SessionId, UserId } from '../../domain/ids.ts'

export interface AccessClaims {
  readonly userId: UserId
  readonly sessionId: SessionId
  readonly expiresAt: Instant
}

/** Signs and verifies tokens; stores none. */
export interface Tokens {
  access(claims: AccessClaims): Promise<string>
  /** Returns the user and session that a token names. Refuses with `unauthenticated` or `token-expired`. */
  verifyAccess(token: string): Promise<AccessClaims>
  /** Returns the refresh token of a session's generation; the same arguments always give the same token. */
  refresh(sessionId: SessionId, generation: number): string
  /** Returns the session and generation that a refresh token names; undefined if it was never issued. */
  verifyRefresh(token: string): { readonly sessionId: SessionId; readonly generation: number } | undefined
}
