import type { Platform } from './platform.ts'

export interface Timers {
  readonly later: Platform['later']
  /** Nothing is called back until `resume`; then the whole wait begins again. */
  pause(): void
  resume(): void
  /** Forgets all. */
  clear(): void
}

/** Timers of something that can be stopped and started. They begin paused. */
export function pausableTimers(later: Platform['later']): Timers {
  const all = new Set<() => void>()
  const running = new Map<() => void, () => void>()
  let isPaused = true

  function pause(): void {
    isPaused = true
    for (const cancel of running.values()) cancel()
    running.clear()
  }

  return {
    later(ms, callback) {
      const begin = () => {
        const cancel = later(ms, () => {
          over()
          callback()
        })
        running.set(begin, cancel)
      }
      const over = () => {
        all.delete(begin)
        running.get(begin)?.()
        running.delete(begin)
      }
      all.add(begin)
      if (!isPaused) begin()
      return over
    },
    pause,
    resume() {
      if (!isPaused) return
      isPaused = false
      for (const begin of all) begin()
    },
    clear() {
      pause()
      all.clear()
    },
  }
}
