import type { Store } from '../types.ts'

export interface Cell<T> extends Store<T> {
  set(value: T): void
}

/** A store that holds what it was last given. */
export function cell<T>(initial: T): Cell<T> {
  let value = initial
  const { subscribe, tell } = listeners()
  return {
    get: () => value,
    subscribe,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      tell()
    },
  }
}

export interface Derived<T> extends Store<T> {
  /** What it is made from has changed: it is made again when somebody looks. */
  changed(): void
}

/** A store that is made when somebody looks, out of what was there before. Listeners are called once, after all changes of a turn. */
export function derived<T>(make: (before: T | undefined) => T): Derived<T> {
  let value: T | undefined
  let isFresh = false
  let isTelling = false
  const { subscribe, tell, isWatched } = listeners()

  function tellSoon(): void {
    if (isTelling || !isWatched()) return
    isTelling = true
    queueMicrotask(() => {
      isTelling = false
      tell()
    })
  }

  return {
    get() {
      if (!isFresh) {
        isFresh = true
        value = make(value)
      }
      return value as T
    },
    subscribe,
    changed() {
      isFresh = false
      tellSoon()
    },
  }
}

export function listeners() {
  const all = new Set<() => void>()
  return {
    subscribe(listener: () => void) {
      const own = () => listener()
      all.add(own)
      return () => void all.delete(own)
    },
    tell() {
      for (const listener of all) safely(listener)
    },
    isWatched: () => all.size > 0,
  }
}

/** A listener that throws is a fault of its own: it is reported as uncaught, and disturbs nobody else. */
export function safely(listener: () => void): void {
  try {
    listener()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

/** The same object if none of its members has changed. */
export const sameObject = <T extends object>(before: T | undefined, now: T): T =>
  before && (Object.keys(now) as (keyof T)[]).every((name) => Object.is(before[name], now[name])) ? before : now

/** The same list if nothing in it has changed. */
export const sameList = <T>(before: readonly T[] | undefined, now: readonly T[]): readonly T[] =>
  before && before.length === now.length && before.every((item, i) => Object.is(item, now[i])) ? before : now
