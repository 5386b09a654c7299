export const FIRST_WAIT = 500
export const LONGEST_WAIT = 30_000

/** How long to wait before an attempt, the first is 1: anything up to a bound that doubles, so that nobody comes back in step with others. */
export const fullJitter = (attempt: number, random: () => number, { first = FIRST_WAIT, longest = LONGEST_WAIT } = {}): number =>
  Math.round(random() * Math.min(longest, first * 2 ** Math.min(attempt, 20)))

/** Tries again what failed, later and later; once it is said to have worked, soon again. */
export function retrying({ later, random }: { later(ms: number, callback: () => void): () => void; random(): number }, again: () => void) {
  let attempt = 0
  let cancel = () => {}
  return {
    failed() {
      cancel()
      cancel = later(FIRST_WAIT + fullJitter(++attempt, random), again)
    },
    worked() {
      cancel()
      attempt = 0
    },
  }
}
