import type { Person } from './identity.ts'
import type { Instant, Seq } from './ids.ts'

export type Role = 'owner' | 'admin' | 'member'

/** Who may rename a group, add and remove. */
export const STAFF: readonly Role[] = ['owner', 'admin']

export interface Member {
  readonly person: Person
  readonly role: Role
  readonly joinedSeq: Seq
  readonly joinedAt: Instant
  /** What a member without a further role writes until then is refused. */
  readonly mutedUntil?: Instant | undefined
}
