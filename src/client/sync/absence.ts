/** After so long, what the service tells in passing was missed for long enough: names and pictures are read again. */
const LONG_MS = 300_000

/** For how long the client has heard nothing of the service, asleep or without a connection. */
export interface Absence {
  /** A frame has come: the service sends one at least with every heartbeat. */
  heard(): void
  /** What was missed is asked for now. */
  resumes(): void
  /** Returns whether it was long, once. */
  isOver(): boolean
}

export function absence(now: () => number): Absence {
  let heardAt: number | undefined
  let isLong = false
  return {
    heard: () => void (heardAt = now()),
    resumes() {
      if (heardAt !== undefined && now() - heardAt >= LONG_MS) isLong = true
    },
    isOver() {
      const wasLong = isLong
      isLong = false
      return wasLong
    },
  }
}
