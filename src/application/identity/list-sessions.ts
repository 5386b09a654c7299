import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'

export const listSessions =
  ({ sessions, clock }: Pick<Ports, 'sessions' | 'clock'>): ChatApi['listSessions'] =>
  ({ userId }) =>
    sessions.list(userId, clock())
