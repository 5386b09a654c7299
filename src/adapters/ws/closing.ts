import type { Ending } from '../../application/live/connection.ts'
import { isRefusal, type RefusalCode } from '../../domain/refusal.ts'
import type { CloseCode as OwnCode } from '../wire/closes.ts'

/** 1011 (RFC 6455): an unexpected condition in the server. */
export type CloseCode = OwnCode | 1011

/** The close code for a connection that the application ends. */
export const closeFor: Readonly<Record<Ending, CloseCode>> = {
  'session-ended': 4403,
  'replaced': 4409,
  'failed': 1011,
}

const refusedTokens: readonly RefusalCode[] = [
  'unauthenticated',
  'token-expired',
  'session-ended',
  'person-disabled',
  'not-allowed',
  'user-not-found',
]

/** Returns the close code after a failed authentication. Undefined: the server cannot tell at the moment, and the socket stays open. */
export function closeAfter(thrown: unknown): CloseCode | undefined {
  if (!isRefusal(thrown)) return undefined
  if (refusedTokens.includes(thrown.code)) return 4401
  return thrown.code === 'too-many-requests' ? 4029 : undefined
}
