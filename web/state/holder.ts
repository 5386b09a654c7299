import type { Store } from '../../src/client/index.ts'

export interface Holder<T> extends Store<T> {
  set(value: T): void
}

/** One value of the page itself, to be looked at as those of the client are. */
export function holder<T>(initial: T): Holder<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      value = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
