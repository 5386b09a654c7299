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
  (needs: Pick<Ports, 'people' | 'notices' | 'consents' | 'mail'>): ChatApi['getMe'] =>
  async (caller) => {
    const { userId } = caller
    const [user, { digest, ...notices }, privacy] = await Promise.all([
      callerOf(needs)(caller),
      needs.notices.ofUser(userId),
      needs.consents.privacyOf(userId),
    ])
    return { ...user, notices: needs.mail?.canUnsubscribe ? { ...notices, digest } : notices, privacy }
  }
