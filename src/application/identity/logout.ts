import type { ChatApi } from '../chat-api.ts'
import type { EndSessions } from './end-sessions.ts'

export const logout =
  (end: EndSessions): ChatApi['logout'] =>
  ({ userId, sessionId }) =>
    end(userId, [sessionId])
