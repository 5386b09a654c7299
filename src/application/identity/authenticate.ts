import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import type { LiveSessions } from './live-sessions.ts'

export const authenticate =
  ({ tokens }: Pick<Ports, 'tokens'>, live: LiveSessions): ChatApi['authenticate'] =>
  async (token) => {
    const claims = await tokens.verifyAccess(token)
    await live.require(claims)
    return claims
  }
