import type { User } from '../../domain/identity.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Caller, ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'

/** Returns the user of a caller. */
export const callerOf =
  ({ people }: Pick<Ports, 'people'>) =>
  async ({ userId }: Caller): Promise<User> => {
    const user = await people.get(userId)
    if (!user) throw new Refusal('session-ended')
    return user
  }

export const getMe =
  (needs: Pick<Ports, 'people' | 'notices'>): ChatApi['getMe'] =>
  async (caller) => ({ ...(await callerOf(needs)(caller)), notices: await needs.notices.ofUser(caller.userId) })
