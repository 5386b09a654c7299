import type { Keys } from '../../application/ports/keys.ts'
import { compareText } from './page.ts'
import type { MemoryStore } from './store.ts'

export const memoryKeys = ({ keys, accounts }: MemoryStore): Keys => ({
  async add(key, deed) {
    keys.set(key.id, key)
    if (deed) accounts.deeds.push(deed)
  },
  async get(id) {
    return keys.get(id)
  },
  async list() {
    return [...keys.values()].filter(({ revokedAt }) => revokedAt === undefined).sort((a, b) => compareText(b.id, a.id))
  },
  async revoke(id, at, deed) {
    const key = keys.get(id)
    if (!key || key.revokedAt !== undefined) return false
    keys.set(id, { ...key, revokedAt: at })
    if (deed) accounts.deeds.push(deed)
    return true
  },
})
