import type { Ending } from '../../application/live/connection.ts'
import { isRefusal, type RefusalCode } from '../../domain/refusal.ts'
import type { CloseCode as OwnCode } from '../wire/closes.ts'

/** 1011 is that of RFC 6455 for a server that cannot go on. */
export type CloseCode = OwnCode | 1011

/** How a connection ends that the application has ended. */
export const closeFor: Readonly<Record<Ending, CloseCode>> = {
  'session-ended': 4403,
  'replaced': 4409,
  'failed': 1011,
}

const refusedTokens: readonly RefusalCode[] = ['unauthenticated', 'token-expired', 'session-ended']

/** How one ends on which somebody was not let in; a service that cannot tell at the moment ends nothing. */
export function closeAfter(thrown: unknown): CloseCode | undefined {
  if (!isRefusal(thrown)) return undefined
  if (refusedTokens.includes(thrown.code)) return 4401
  return thrown.code === 'too-many-requests' ? 4029 : undefined
}
