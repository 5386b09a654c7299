import type { UserId } from '../../domain/ids.ts'
import { checkedPassword } from '../../domain/password.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Caller } from '../chat-api.ts'
import { namesOf } from '../identity/names-of.ts'
import type { Ports } from '../ports/ports.ts'
import { deedOf, requireOther, requireStaff } from './staff.ts'

type Needs = Pick<Ports, 'people' | 'accounts' | 'passwords' | 'isCommonPassword' | 'journal' | 'clock' | 'newId'>

/** Sets a user's password without asking for the one before. The caller ends the sessions. */
export const setPassword =
  (needs: Needs) =>
  async (caller: Caller, { userId, password }: { readonly userId: UserId; readonly password: string }): Promise<void> => {
    await requireStaff(needs, caller)
    await requireOther(needs, caller, userId)
    const form = checkedPassword(password, { ...needs, names: namesOf(await personOf(needs, userId)) })
    await needs.people.setPasswordHash(
      userId,
      await needs.passwords.hash(form, userId),
      deedOf(needs, caller, 'user.password-set', { userId }),
    )
    needs.journal.note({ event: 'password-changed', outcome: 'ok', userId, requestId: caller.requestId })
  }

/** Makes a person a member of staff, or no longer one. Bots and guests are none. Returns whether that changed anything. */
export const setStaff =
  (needs: Needs) =>
  async (caller: Caller, { userId, isStaff }: { readonly userId: UserId; readonly isStaff: boolean }): Promise<boolean> => {
    await requireStaff(needs, caller)
    await requireOther(needs, caller, userId)
    if (isStaff && (await personOf(needs, userId)).kind !== 'person') throw new Refusal('not-allowed', { requires: ['account'] })
    const deed = deedOf(needs, caller, isStaff ? 'user.staff-made' : 'user.staff-ended', { userId })
    const isChanged = await needs.accounts.setAdmin(userId, isStaff, deed)
    if (isChanged) needs.journal.note({ event: 'role-changed', outcome: 'ok', userId, subject: deed.name, requestId: caller.requestId })
    return isChanged
  }

async function personOf({ people }: Pick<Ports, 'people'>, userId: UserId) {
  const user = await people.get(userId)
  if (!user) throw new Refusal('user-not-found', { userIds: [userId] })
  return user
}
