import type { KeyPosition, Keys } from '../../application/ports/keys.ts'
import { compareText, pageOf } from './page.ts'
import type { MemoryStore } from './store.ts'

const newestFirst = (a: KeyPosition, b: KeyPosition): number => compareText(b.id, a.id)

export const memoryKeys = ({ keys, accounts }: MemoryStore): Keys => ({
  async add(key, deed) {
    keys.set(key.id, key)
    if (deed) accounts.deeds.push(deed)
  },
  async get(id) {
    return keys.get(id)
  },
  async list(window) {
    const kept = [...keys.values()].filter(({ revokedAt }) => revokedAt === undefined).sort(newestFirst)
    return pageOf(kept, window, { position: ({ id }) => ({ id }), compare: newestFirst })
  },
  async revoke(id, at, deed) {
    const key = keys.get(id)
    if (!key || key.revokedAt !== undefined) return false
    keys.set(id, { ...key, revokedAt: at })
    if (deed) accounts.deeds.push(deed)
    return true
  },
})
