import type { UserId } from '../../../domain/ids.ts'
import { type Emoji, NO_REACTIONS, type Reactions, shownOf, type Tally } from '../../../domain/reaction.ts'
import type { Row } from './connect.ts'

/** As `reaction_sums` has it: emoji as shown, count, some of those who reacted. */
type StoredSums = readonly (readonly [string, number, readonly UserId[]])[]

export const tallyOf = (row: Row): Tally => ({
  sums: (JSON.parse(row.sums as string) as StoredSums).map(([emoji, count, userIds]) => ({ emoji, count, userIds })),
  changedSeq: row.changed_seq as number,
})

export const sumsText = ({ sums }: Pick<Tally, 'sums'>): string =>
  JSON.stringify(sums.map(({ emoji, count, userIds }) => [emoji, count, userIds]) satisfies StoredSums)

/** What `extras` has added to the row of a message. */
export function reactionsOf(row: Row): Reactions {
  if (typeof row.sums !== 'string') return NO_REACTIONS
  const { sums } = tallyOf({ ...row, changed_seq: null })
  const own = typeof row.own === 'string' ? (row.own.split(' ') as Emoji[]) : []
  return { sums, changedSeq: row.reacted_seq as number, own: shownOf(sums, own) }
}
