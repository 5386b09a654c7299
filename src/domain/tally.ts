import type { Count, Duration, Instant } from './ids.ts'

/** How often something happened, counted by all processes together. */
export interface Tally {
  readonly count: Count
  /** When the count is forgotten. */
  readonly until: Instant
  /** Nothing more is admitted before. */
  readonly closedUntil: Instant
}

export interface TallyRule {
  /** Times within `within`, at most. */
  readonly times: Count
  readonly within: Duration
  /** For how long a tally that has reached `times` is closed, by its count; without it, until the count is forgotten. */
  readonly closedFor?: (count: Count) => Duration
}

/** What becomes of a tally, and an answer. */
export interface Turn<R> {
  /** Undefined: it stays as it is. */
  readonly tally?: Tally
  readonly result: R
}

/** How long a tally that was closed is remembered after it opens, so that the next time closes it for longer. */
const REMEMBERED: Duration = 3_600_000

/** Counts one more; the result is undefined, or for how long the tally is closed. */
export function countOne(tally: Tally | undefined, { times, within, closedFor }: TallyRule, now: Instant): Turn<Duration | undefined> {
  if (!tally || tally.until <= now)
    return { tally: closing({ count: 1, until: now + within }, { times, closedFor }, now), result: undefined }
  if (tally.closedUntil > now) return { result: tally.closedUntil - now }
  return { tally: closing({ count: tally.count + 1, until: tally.until }, { times, closedFor }, now), result: undefined }
}

function closing(
  { count, until }: Pick<Tally, 'count' | 'until'>,
  { times, closedFor }: Pick<TallyRule, 'times'> & { readonly closedFor: TallyRule['closedFor'] | undefined },
  now: Instant,
): Tally {
  if (count < times) return { count, until, closedUntil: 0 }
  if (!closedFor) return { count, until, closedUntil: until }
  const closedUntil = now + closedFor(count)
  return { count, until: closedUntil + REMEMBERED, closedUntil }
}

/** The tally without one that is not to count: what that one closed is open again. */
export const withoutOne = (tally: Tally): Tally => ({ ...tally, count: Math.max(0, tally.count - 1), closedUntil: 0 })
