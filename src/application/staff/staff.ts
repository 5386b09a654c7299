import type { Deed, DeedName } from '../../domain/deed.ts'
import { SYSTEM_ID, type UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Caller } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { hasScope } from '../scopes.ts'

/** Refuses with `not-allowed` unless the caller is a member of the staff, or a key with the scope `admin`. */
export async function requireStaff({ people }: Pick<Ports, 'people'>, caller: Caller): Promise<void> {
  if (hasScope(caller, 'admin')) return
  if (caller.via !== 'key' && (await people.get(caller.userId))?.isAdmin) return
  throw new Refusal('not-allowed', { requires: ['scope:admin'] })
}

/** A deed of the caller, as the audit tells it. */
export const deedOf = (
  { clock, newId }: Pick<Ports, 'clock' | 'newId'>,
  { userId, keyId }: Caller,
  name: DeedName,
  about: Pick<Deed, 'userId' | 'chatId' | 'facts'>,
): Deed => ({ id: newId(), at: clock(), name, actorId: userId === SYSTEM_ID && keyId === undefined ? undefined : userId, keyId, ...about })

/** Refuses with `user-not-found` for users who do not exist, and with `not-allowed` for the caller: staff does not lock itself out. */
export async function requireOther({ people }: Pick<Ports, 'people'>, caller: Caller, userId: UserId): Promise<void> {
  if (userId === SYSTEM_ID || !(await people.get(userId))) throw new Refusal('user-not-found', { userIds: [userId] })
  if (userId === caller.userId) throw new Refusal('not-allowed', { requires: [] })
}
