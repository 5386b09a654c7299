import { quantile } from '../measure/statistics.ts'
import type { Mark } from '../measure/window.ts'

/** Counts what happened since somebody last looked, and how long it took. */
export interface Tally {
  count(): void
  took(sentAt: number): void
  mark(): Mark
  /** It is time to let others on the event loop have a turn. */
  isDue(): boolean
}

const TURN_MS = 5

export function tally(): Tally {
  let latencies: number[] = []
  let count = 0
  let since = performance.now()
  let turnedAt = since
  return {
    count: () => void count++,
    took: (sentAt) => void latencies.push(performance.now() - sentAt),
    isDue() {
      const now = performance.now()
      if (now - turnedAt < TURN_MS) return false
      turnedAt = now
      return true
    },
    mark() {
      const now = performance.now()
      const sorted = Float64Array.from(latencies).sort()
      const mark: Mark = { count, ms: now - since, ...(sorted.length > 0 && { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) }) }
      latencies = []
      count = 0
      since = now
      return mark
    },
  }
}

/** The text of every message of the bench: 70 characters, 90 bytes. */
export const TEXT = 'Завтра в девять, как всегда? I shall bring the printed drafts with me.'

/** Keys that no other run has used. */
export function keys(): () => string {
  const run = crypto.randomUUID().slice(0, 18)
  let n = 0
  return () => `${run}-${(n++).toString(36)}`
}
