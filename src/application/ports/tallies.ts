import type { Instant } from '../../domain/ids.ts'
import type { Tally, Turn } from '../../domain/tally.ts'

/** Counters that all processes on one store share. */
export interface Tallies {
  /**
   * Replaces the tally of a key by what `turn` makes of it, if that is one, and returns the result of the turn. No change of another caller comes
   * between reading and writing: `turn` is pure and may run again.
   */
  change<R>(key: string, turn: (tally: Tally | undefined) => Turn<R>): Promise<R>
  /** Deletes tallies whose count is forgotten and returns how many. */
  forget(now: Instant): Promise<number>
}
