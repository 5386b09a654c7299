import type { CodeName, Codes } from '../../../application/ports/codes.ts'
import { type AccountRecords, drop } from './store.ts'

const keyOf = ({ subject, kind }: CodeName): string => `${kind} ${subject}`

export const memoryCodes = ({ codes }: AccountRecords): Codes => ({
  async put(code) {
    codes.set(keyOf(code), { ...code, tries: 0 })
  },
  async attempt(name, { now, tries }) {
    const code = codes.get(keyOf(name))
    if (!code || code.expiresAt <= now || code.tries >= tries) return undefined
    code.tries++
    const { tries: _, ...shown } = code
    return shown
  },
  async take(name, now) {
    const code = codes.get(keyOf(name))
    if (!code || code.expiresAt <= now || code.mac !== name.mac) return undefined
    codes.delete(keyOf(name))
    const { tries: _, ...shown } = code
    return shown
  },
  forget: async (before) => drop(codes, ({ expiresAt }) => expiresAt < before),
})
