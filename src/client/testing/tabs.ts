import type { Platform } from '../platform/platform.ts'
import type { Shared } from './needs.ts'

interface Needs {
  readonly shared: Shared
  later(ms: number, callback: () => void): () => void
}

/** What one tab has in common with the others of its browser. */
export function tabOf({ shared: { locks, channels }, later }: Needs): Pick<Platform, 'lock' | 'channel'> {
  return {
    lock(name, work, signal) {
      const before = locks.get(name) ?? Promise.resolve()
      const mine = before.then(() => (signal?.aborted ? Promise.reject(signal.reason as Error) : work()))
      locks.set(
        name,
        mine.catch(() => {}),
      )
      return mine
    },
    channel(name) {
      const all = channels.get(name) ?? new Set()
      channels.set(name, all)
      const own = new Set<(message: unknown) => void>()
      return {
        post(message) {
          const copy = structuredClone(message)
          for (const listener of all) if (!own.has(listener)) later(0, () => all.has(listener) && listener(copy))
        },
        listen(listener) {
          own.add(listener)
          all.add(listener)
        },
        close() {
          for (const listener of own) all.delete(listener)
        },
      }
    },
  }
}
