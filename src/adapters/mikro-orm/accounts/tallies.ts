import type { Tallies } from '../../../application/ports/tallies.ts'
import type { Tally } from '../../../domain/tally.ts'
import { builtOn } from '../database/built.ts'
import type { Database } from '../database/connect.ts'
import { entities } from '../database/schema.ts'

export function mikroOrmTallies(database: Database): Tallies {
  const { em, rows, change } = builtOn(database)
  const tallies = () => em.createQueryBuilder(entities.tallies)

  /** Whether the tally was still as it was read: nobody has written in between. */
  async function replace(key: string, was: Tally | undefined, { count, until, closedUntil }: Tally): Promise<boolean> {
    const to = { count, until, closed_until: closedUntil }
    if (!was)
      return (
        (await change(
          tallies()
            .insert({ key, ...to })
            .onConflict('key')
            .ignore(),
        )) > 0
      )
    const same = { key, count: was.count, until: was.until, closed_until: was.closedUntil }
    return (await change(tallies().update(to).where(same))) > 0
  }

  return {
    async change(key, turn) {
      for (;;) {
        const [row] = await rows(tallies().select(['count', 'until', 'closed_until']).where({ key }))
        const was = row && { count: row.count, until: row.until, closedUntil: row.closed_until }
        const made = turn(was)
        if (!made.tally || (await replace(key, was, made.tally))) return made.result
      }
    },
    forget: (now) => change(tallies().delete({ until: { $lte: now } })),
  }
}
