import type { Keys } from '../../application/ports/keys.ts'
import { compareText } from './page.ts'
import type { MemoryStore } from './store.ts'

export const memoryKeys = ({ keys }: MemoryStore): Keys => ({
  async add(key) {
    keys.set(key.id, key)
  },
  async get(id) {
    return keys.get(id)
  },
  async list() {
    return [...keys.values()].filter(({ revokedAt }) => revokedAt === undefined).sort((a, b) => compareText(b.id, a.id))
  },
  async revoke(id, at) {
    const key = keys.get(id)
    if (!key || key.revokedAt !== undefined) return false
    keys.set(id, { ...key, revokedAt: at })
    return true
  },
})
