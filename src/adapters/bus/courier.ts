export interface Courier<T> {
  /** Takes something along, or drops it when too much waits. Never throws, never waits. */
  take(items: readonly T[]): void
  /** Forgets what waits. */
  clear(): void
}

export interface CourierOptions<T> {
  /** Brings so many of them there. What fails is lost. */
  readonly bring: (items: readonly T[]) => Promise<unknown>
  /** At most so many go at once. */
  readonly atOnce: number
  /** At most so many wait. */
  readonly bound: number
  /** So many were dropped, or went lost with this error. */
  readonly lost: (count: number, error?: unknown) => void
}

/** Brings things somewhere in their order: together what came in one turn of the event loop, or while the last were on their way. */
export function courier<T>({ bring, atOnce, bound, lost }: CourierOptions<T>): Courier<T> {
  let waiting: T[] = []
  let isUnderWay = false

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting.length > atOnce ? waiting.splice(0, atOnce) : waiting
      if (some === waiting) waiting = []
      try {
        await bring(some)
      } catch (error) {
        lost(some.length, error)
      }
    }
    isUnderWay = false
  }

  return {
    take(items) {
      const room = Math.max(0, bound - waiting.length)
      for (const item of items.length > room ? items.slice(0, room) : items) waiting.push(item)
      if (items.length > room) lost(items.length - room)
      if (isUnderWay || waiting.length === 0) return
      isUnderWay = true
      setImmediate(() => void run())
    },
    clear() {
      waiting = []
    },
  }
}
