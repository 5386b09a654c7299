import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import type { EndSessions } from './end-sessions.ts'

/** Ends the caller's session: one of ours, or one that an issuer or the host keeps. A key has none. */
export const logout =
  ({ sessions, clock }: Pick<Ports, 'sessions' | 'clock'>, end: EndSessions): ChatApi['logout'] =>
  async ({ userId, sessionId, via = 'session' }) => {
    if (via === 'issuer' || via === 'identify') await sessions.endExternal(sessionId, clock())
    if (via !== 'key') await end(userId, [sessionId])
  }
