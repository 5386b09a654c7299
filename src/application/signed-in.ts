import type { User } from '../domain/identity.ts'
import type { Duration, SessionId } from '../domain/ids.ts'
import type { PasskeyResponse } from './ports/second-factors.ts'

/** A session that has just begun or gone on, with its tokens. Times are lengths in milliseconds. */
export interface SignedIn {
  readonly user: User
  readonly sessionId: SessionId
  readonly accessToken: string
  readonly expiresIn: Duration
  readonly refreshToken: string
  readonly refreshExpiresIn: Duration
}

/** What a browser needs for making or using a passkey, and the name under which its answer is expected. */
export interface PasskeyOptions {
  readonly challengeId: string
  readonly options: PasskeyResponse
}
