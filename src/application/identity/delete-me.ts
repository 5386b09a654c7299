import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { type EndSessions, endAll } from './end-sessions.ts'
import { type ErasureNeeds, finishErasure } from './finish-erasure.ts'
import { type PasswordNeeds, requirePassword } from './password.ts'

/**
 * Deletes the user. A user without a password, such as a guest, gives an empty one. Messages are erased chat by chat; an erasure that
 * was interrupted is finished at the next start, or by a periodic task.
 */
export const deleteMe =
  (needs: ErasureNeeds & PasswordNeeds & Pick<Ports, 'sessions'>, end: EndSessions): ChatApi['deleteMe'] =>
  async (caller, { password }) => {
    const { userId } = caller
    const hash = await needs.people.passwordHash(userId)
    if (hash !== undefined || password !== '') await requirePassword(needs, caller, password)
    await needs.people.erase(userId, needs.clock())
    await endAll({ ...needs, end }, userId)
    await finishErasure(needs, userId)
  }
