export interface VirtualClock {
  now(): number
  later(ms: number, callback: () => void): () => void
  /** Moves the time on, calling what becomes due in order, and lets all promises settle. Rejects when a timer keeps it from moving on. */
  advance(ms: number): Promise<void>
  /** Moves the time on in small steps until the condition holds; rejects when it does not within a while of virtual time. */
  until(condition: () => boolean, withinMs?: number): Promise<void>
}

/** Enough turns for chains of promises as long as any in the client. */
const TURNS = 60
const STEP = 5
/** Callbacks at one moment, at most: with more, something sets its timer again and again, and time would never move on. */
const AT_ONE_MOMENT = 20_000

/** A clock that stands still until it is moved. It knows whole milliseconds only, as those of services do. */
export function virtualClock(start = Date.UTC(2030, 0, 1)): VirtualClock {
  let time = start
  let made = 0
  const timers = new Map<number, { readonly at: number; readonly callback: () => void }>()

  async function settle(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) await Promise.resolve()
  }

  function due(by: number): number | undefined {
    let first: number | undefined
    for (const [id, { at }] of timers) if (at <= by && (first === undefined || at < timers.get(first)!.at)) first = id
    return first
  }

  async function advance(ms: number): Promise<void> {
    const end = time + ms
    let calls = 0
    await settle()
    for (let id = due(end); id !== undefined; id = due(end)) {
      const { at, callback } = timers.get(id)!
      timers.delete(id)
      calls = at > time ? 1 : calls + 1
      if (calls > AT_ONE_MOMENT) throw new Error('A timer is set again and again for the same moment')
      time = Math.max(time, at)
      callback()
      await settle()
    }
    time = end
  }

  return {
    now: () => time,
    later(ms, callback) {
      const id = ++made
      timers.set(id, { at: time + Math.max(0, Math.ceil(ms)), callback })
      return () => void timers.delete(id)
    },
    advance,
    async until(condition, withinMs = 120_000) {
      const end = time + withinMs
      await settle()
      while (!condition()) {
        if (time >= end) throw new Error(`It did not come to be within ${withinMs} ms of virtual time`)
        await advance(STEP)
      }
    },
  }
}

/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
