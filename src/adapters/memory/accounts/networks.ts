import type { Networks } from '../../../application/ports/networks.ts'
import { type AccountRecords, drop } from './store.ts'

export const memoryNetworks = ({ networks }: AccountRecords): Networks => ({
  async note(userId, network, at) {
    const known = networks.get(userId)
    const outcome = !known?.size ? 'first' : known.has(network) ? 'known' : 'new'
    networks.set(userId, (known ?? new Map()).set(network, Math.max(at, known?.get(network) ?? 0)))
    return outcome
  },
  isKnown: async (userId, network, since) => (networks.get(userId)?.get(network) ?? Number.NEGATIVE_INFINITY) >= since,
  async forget(before) {
    let dropped = 0
    for (const known of networks.values()) dropped += drop(known, (at) => at < before)
    return dropped
  },
})
