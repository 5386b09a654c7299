import type { Count, Seq, UserId } from './ids.ts'

/** One emoji under a message. */
export interface ReactionSum {
  readonly emoji: string
  readonly count: Count
  /** Some of those who reacted, at most 10. */
  readonly userIds: readonly UserId[]
}

/** The reactions to a message. */
export interface Reactions {
  /** In the order of first use. */
  readonly sums: readonly ReactionSum[]
  /** The `seq` of the last `message.reacted`; undefined if nobody has reacted yet. */
  readonly changedSeq: Seq | undefined
  /** The viewer's own; undefined where one form is made for several viewers. */
  readonly own: readonly string[] | undefined
}

export const NO_REACTIONS: Reactions = { sums: [], changedSeq: undefined, own: [] }
