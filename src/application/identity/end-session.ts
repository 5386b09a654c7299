import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import type { EndSessions } from './end-sessions.ts'

export const endSession =
  ({ sessions, clock }: Pick<Ports, 'sessions' | 'clock'>, end: EndSessions): ChatApi['endSession'] =>
  async ({ userId }, sessionId) => {
    const session = await sessions.get(sessionId)
    if (session?.userId !== userId || session.endedAt !== undefined || session.expiresAt <= clock()) throw new Refusal('session-not-found')
    await end(userId, [sessionId])
  }
