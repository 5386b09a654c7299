import type { Duration } from '../../domain/ids.ts'

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000]

/** After the first failed attempt, the second … */
const AGAIN: readonly Duration[] = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  8 * HOUR,
]
const SPREAD = 0.2
/** The longest that a receiver may ask to be left alone. */
const ASKED_MAX: Duration = HOUR

/** Failed attempts that count, after which a range is given up. */
export const GIVEN_UP = 10

/** Returns when to attempt again: later than the receiver asked for, within bounds. `random` is from 0 to 1. */
export function againIn(attempts: number, asked: Duration | undefined, random: number): Duration {
  const wait = AGAIN[Math.min(attempts, AGAIN.length) - 1]! * (1 - SPREAD + 2 * SPREAD * random)
  return Math.max(wait, Math.min(asked ?? 0, ASKED_MAX))
}

/** A consumer is failing when nothing was acknowledged for so long since its first failure. */
export const FAILING_AFTER: Duration = 3 * MINUTE

const PROBES: readonly Duration[] = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE]

/** Returns how long a failing consumer is left alone before the next attempt. */
export const probeIn = (probes: number): Duration => PROBES[Math.min(probes, PROBES.length - 1)]!
