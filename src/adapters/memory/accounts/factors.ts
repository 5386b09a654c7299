import type { Factors } from '../../../application/ports/factors.ts'
import type { Factor } from '../../../domain/factor.ts'
import { compareText } from '../page.ts'
import type { AccountRecords } from './store.ts'

export const memoryFactors = ({ factors }: AccountRecords): Factors => {
  const all = () => [...factors.values()]
  const change = (id: string, to: Partial<Factor>) => {
    const factor = factors.get(id)
    if (factor) factors.set(id, { ...factor, ...to })
  }
  return {
    async add(factor) {
      if (factor.credentialId !== undefined && all().some(({ credentialId }) => credentialId === factor.credentialId)) return false
      factors.set(factor.id, factor)
      return true
    },
    list: async (userId) =>
      all()
        .filter((factor) => factor.userId === userId)
        .sort((a, b) => a.createdAt - b.createdAt || compareText(a.id, b.id)),
    withCredential: async (credentialId) => all().find((factor) => factor.credentialId === credentialId),
    async confirm(userId, id, at) {
      if (factors.get(id)?.userId === userId) change(id, { confirmedAt: at })
    },
    async use(id, counter, at) {
      const factor = factors.get(id)
      if (!factor || (counter <= factor.counter && counter + factor.counter > 0)) return false
      change(id, { counter, lastUsedAt: at })
      return true
    },
    sealedOtherwise: async (mark, { after = '', limit }) =>
      all()
        .filter(({ id, kind, secret }) => kind === 'totp' && id > after && !secret.startsWith(mark))
        .sort((a, b) => compareText(a.id, b.id))
        .slice(0, limit),
    reseal: async (id, secret) => change(id, { secret }),
    async remove(userId, ids) {
      const mine = ids.filter((id) => factors.get(id)?.userId === userId)
      for (const id of mine) factors.delete(id)
      return mine.length
    },
  }
}
