export interface FollowedOptions<T> {
  /** What was asked for may fail, and is then asked for again by `again`. */
  readonly subscribe: (topics: readonly T[]) => Promise<unknown>
  readonly unsubscribe: (topics: readonly T[]) => Promise<unknown>
  readonly isReady: () => boolean
}

/** What is followed, and what of it the other side has been asked for: in few questions, one after another. */
export interface Followed<T> {
  has(topic: T): boolean
  add(topics: readonly T[]): void
  delete(topics: readonly T[]): void
  /** The other side is there again. */
  again(): void
  clear(): void
}

const AT_ONCE = 500

export function followed<T>({ subscribe, unsubscribe, isReady }: FollowedOptions<T>): Followed<T> {
  const wanted = new Set<T>()
  const asked = new Set<T>()
  const changed = new Set<T>()
  let isRunning = false

  async function run(): Promise<void> {
    while (changed.size > 0 && isReady()) {
      const some = [...changed].slice(0, AT_ONCE)
      for (const topic of some) changed.delete(topic)
      const fresh = some.filter((topic) => wanted.has(topic) && !asked.has(topic))
      const stale = some.filter((topic) => !wanted.has(topic) && asked.has(topic))
      try {
        if (fresh.length > 0) await subscribe(fresh)
        for (const topic of fresh) asked.add(topic)
        if (stale.length > 0) await unsubscribe(stale)
        for (const topic of stale) asked.delete(topic)
      } catch {
        for (const topic of some) changed.add(topic)
        break
      }
    }
    isRunning = false
  }

  function soon(): void {
    if (isRunning || changed.size === 0 || !isReady()) return
    isRunning = true
    setImmediate(() => void run())
  }

  function change(topics: readonly T[]): void {
    for (const topic of topics) changed.add(topic)
    soon()
  }

  return {
    has: (topic) => wanted.has(topic),
    add(topics) {
      for (const topic of topics) wanted.add(topic)
      change(topics)
    },
    delete(topics) {
      for (const topic of topics) wanted.delete(topic)
      change(topics)
    },
    again: soon,
    clear() {
      wanted.clear()
      changed.clear()
    },
  }
}
