import { SYSTEM_ID, type UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import { type EndSessions, endAll } from '../identity/end-sessions.ts'
import { type ErasureNeeds, finishErasure } from '../identity/finish-erasure.ts'
import type { Ports } from '../ports/ports.ts'
import { deedOf } from '../staff/staff.ts'

/** Returns the user with an external id. */
export const findExternalUser =
  ({ people }: Pick<Ports, 'people'>): ChatApi['findExternalUser'] =>
  async (_caller, { externalId }) => {
    const user = (await people.external([externalId])).get(externalId)
    if (!user) throw new Refusal('user-not-found', { userIds: [externalId as UserId] })
    return user
  }

/** Deletes a user as the user could. */
export const deleteUser =
  (needs: ErasureNeeds & Pick<Ports, 'sessions' | 'newId'>, end: EndSessions): ChatApi['deleteUser'] =>
  async (caller, userId) => {
    await requireUser(needs, userId)
    await needs.people.erase(userId, needs.clock(), deedOf(needs, caller, 'user.deleted', { userId }))
    await endAll({ ...needs, end }, userId)
    await finishErasure(needs, userId)
  }

/** Refuses all tokens that were issued before now and ends the user's sessions. */
export const revokeTokens =
  (needs: Pick<Ports, 'people' | 'sessions' | 'clock'>, end: EndSessions): ChatApi['revokeTokens'] =>
  async (_caller, userId) => {
    await requireUser(needs, userId)
    await needs.people.save([], [{ id: userId, tokensAfter: needs.clock() }])
    await endAll({ ...needs, end }, userId)
  }

async function requireUser({ people }: Pick<Ports, 'people'>, userId: UserId): Promise<void> {
  if (userId === SYSTEM_ID || !(await people.get(userId))) throw new Refusal('user-not-found', { userIds: [userId] })
}
