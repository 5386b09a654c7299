import { BLOCKS_LIMIT } from '../../domain/consent.ts'
import { SYSTEM_ID, type UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Ports } from '../ports/ports.ts'
import type { ConsentApi } from './api.ts'

export interface ConsentNeeds extends Pick<Ports, 'consents' | 'people' | 'clock'> {
  /** A user has blocked another one, or no longer: both are told nothing of each other from now on, or again. */
  readonly parted: (userId: UserId, otherId: UserId, isBlocked: boolean) => void
}

export const consentCalls = ({ consents, people, clock, parted }: ConsentNeeds): ConsentApi => ({
  async blockUser({ userId }, blockedId) {
    if (blockedId === userId || blockedId === SYSTEM_ID || !(await people.get(blockedId)))
      throw new Refusal('user-not-found', { userIds: [blockedId] })
    if ((await consents.block(userId, blockedId, clock())) === 'full') throw new Refusal('blocks-full', { limit: BLOCKS_LIMIT })
    parted(userId, blockedId, true)
  },
  async unblockUser({ userId }, blockedId) {
    await consents.unblock(userId, blockedId)
    parted(userId, blockedId, false)
  },
  listBlocks: ({ userId }, window) => consents.blocked(userId, window),
})
