import type { ChatId, CreationKey, Millis, PairKey, Seq } from './ids.ts'

export type ChatKind = 'private' | 'group'

export const GROUP_LIMIT = 5_000

export interface Chat {
  readonly id: ChatId
  readonly kind: ChatKind
  readonly name: string | undefined
  readonly key: PairKey | CreationKey | undefined
  readonly createdAt: Millis
  readonly headSeq: Seq
  /** Messages ever sent. */
  readonly headN: number
  /** When the last event happened. Times never go down as `seq` goes up. */
  readonly headAt: Millis
  /** The `seq` of the last change of who is in it. */
  readonly memberSeq: Seq
  readonly memberCount: number
}
