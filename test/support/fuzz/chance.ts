/** Numbers that look random and are the same for the same seed (mulberry32). */
export interface Chance {
  /** From 0 to 1, 1 excluded. */
  next(): number
  /** A whole number from `min` to `max`. */
  whole(min: number, max: number): number
  of<T>(items: readonly T[]): T
  /** True about so often. */
  is(share: number): boolean
}

export function chance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (min: number, max: number) => Math.floor(min + next() * (max - min + 1))
  return { next, whole, of: (items) => items[whole(0, items.length - 1)]!, is: (share) => next() < share }
}
