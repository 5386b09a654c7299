import type { Duration, Instant } from '../domain/ids.ts'

/** Answers that are kept for a while, so many at most. */
export interface Kept<V> {
  get(key: string): V | undefined
  set(key: string, value: V): void
  forget(key: string): void
  clear(): void
}

export function keeping<V>(clock: () => Instant, lifetime: Duration, bound = 10_000): Kept<V> {
  const all = new Map<string, { readonly value: V; readonly at: Instant }>()
  return {
    get(key) {
      const found = all.get(key)
      if (found && clock() - found.at < lifetime) return found.value
      all.delete(key)
      return undefined
    },
    set(key, value) {
      all.delete(key)
      const [oldest] = all.keys()
      if (all.size >= bound && oldest !== undefined) all.delete(oldest)
      all.set(key, { value, at: clock() })
    },
    forget: (key) => void all.delete(key),
    clear: () => all.clear(),
  }
}
