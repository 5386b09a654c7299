import type { Duration } from '../../domain/ids.ts'

const LONGEST_WAIT: Duration = 5_000

/** How long to wait before the next attempt at a connection, after so many that have failed: longer each time, and not all at once. */
export const waitAfter = (failures: number, random: () => number, first: Duration = 50): Duration =>
  Math.min(LONGEST_WAIT, first * 2 ** failures) * (0.5 + random() / 2)
