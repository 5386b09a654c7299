import { setTimeout as pause } from 'node:timers/promises'

/** Resolves with what `assertion` returns as soon as it no longer throws; rejects with its last complaint when time is up. */
export async function eventually<T>(assertion: () => T | Promise<T>, { timeoutMs = 5_000, everyMs = 10 } = {}): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    try {
      return await assertion()
    } catch (complaint) {
      if (performance.now() >= deadline) throw complaint
      await pause(everyMs)
    }
  }
}

export interface HandClock {
  now(): number
  advance(ms: number): void
}

/** A clock that stands still until it is moved. */
export function handClock(start = Date.UTC(2030, 0, 1)): HandClock {
  let at = start
  return {
    now: () => at,
    advance: (ms) => {
      at += ms
    },
  }
}
