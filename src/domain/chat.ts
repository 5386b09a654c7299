import type { ChatId, Count, CreationKey, FileId, Instant, PairKey, Seq } from './ids.ts'
import type { Data } from './message.ts'
import type { Rules } from './rules.ts'

export type ChatKind = 'private' | 'group'

/**
 * What sending to a chat has to look at besides the chat and its sender, as bits: 0 costs nothing. It changes without the head of the log, so
 * a store that relies on a head that it has read compares the guard, too.
 */
export type Guard = number

/** Members of a group, at most, unless an operator sets another limit. */
export const GROUP_LIMIT: number = 5_000
/** What an operator may set it to, at most. */
export const GROUP_LIMIT_MAX = 20_000

export interface Chat {
  readonly id: ChatId
  readonly kind: ChatKind
  readonly name: string | undefined
  readonly key: PairKey | CreationKey | undefined
  readonly createdAt: Instant
  readonly headSeq: Seq
  /** Messages ever sent. */
  readonly headN: Count
  /** When the last event happened. Times never go down as `seq` goes up. */
  readonly headAt: Instant
  /** The `seq` of the last change of who is in it. */
  readonly memberSeq: Seq
  readonly memberCount: Count
  readonly data: Data | undefined
  readonly description: string | undefined
  readonly avatar: FileId | undefined
  readonly rules: Rules
  readonly guard: Guard
}
