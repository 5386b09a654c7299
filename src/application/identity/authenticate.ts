import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import type { LiveSessions } from './live-sessions.ts'

export const authenticate =
  ({ tokens }: Pick<Ports, 'tokens'>, live: LiveSessions): ChatApi['authenticate'] =>
  async (token) => {
    const claims = await tokens.verifyAccess(token)
    if (!(await live.isLive(claims.sessionId))) throw new Refusal('session-ended')
    return claims
  }
