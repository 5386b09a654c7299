import type { Tallies } from '../../../application/ports/tallies.ts'
import { type AccountRecords, drop } from './store.ts'

export const memoryTallies = ({ tallies }: AccountRecords): Tallies => ({
  async change(key, turn) {
    const made = turn(tallies.get(key))
    if (made.tally) tallies.set(key, made.tally)
    return made.result
  },
  forget: async (now) => drop(tallies, ({ until }) => until <= now),
})
