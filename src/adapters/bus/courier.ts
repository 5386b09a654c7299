import { setTimeout as pause } from 'node:timers/promises'

export interface Courier<T> {
  /** Takes something along, or drops it when too much waits. Never throws, never waits. */
  take(items: readonly T[]): void
  /** Resolves when everything was brought or lost, at the latest after so many milliseconds; then forgets what waits. */
  finish(patienceMs: number): Promise<void>
}

export interface CourierOptions<T> {
  /** Brings so many of them there. What fails is lost. */
  readonly bring: (items: readonly T[]) => Promise<unknown>
  /** At most so many go at once. */
  readonly atOnce: number
  /** At most so many wait. */
  readonly bound: number
  /** Comes along only while less than half of the bound is taken: the others keep room. */
  readonly isPassing: (item: T) => boolean
  readonly lost: (count: number, why: string) => void
}

/** Brings things somewhere in their order: together what came in one turn of the event loop, or while the last were on their way. */
export function courier<T>({ bring, atOnce, bound, isPassing, lost }: CourierOptions<T>): Courier<T> {
  let waiting: T[] = []
  let isUnderWay = false
  let running: Promise<void> = Promise.resolve()

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting.length > atOnce ? waiting.splice(0, atOnce) : waiting
      if (some === waiting) waiting = []
      try {
        await bring(some)
      } catch (error) {
        lost(some.length, error instanceof Error ? error.message : String(error))
      }
    }
    isUnderWay = false
  }

  return {
    take(items) {
      let dropped = 0
      for (const item of items)
        if (waiting.length < (isPassing(item) ? bound / 2 : bound)) waiting.push(item)
        else dropped++
      if (dropped > 0) lost(dropped, 'too much waits')
      if (isUnderWay || waiting.length === 0) return
      isUnderWay = true
      running = new Promise((resolve) => setImmediate(() => void run().then(resolve)))
    },
    async finish(patienceMs) {
      await Promise.race([running, pause(patienceMs, undefined, { ref: false })])
      waiting = []
    },
  }
}
