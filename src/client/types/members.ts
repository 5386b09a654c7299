import type { Role } from '../../domain/member.ts'
import type { Person } from '../basic-types.ts'

export interface Member {
  readonly person: Person
  readonly role: Role
  readonly joinedAt: number
  /** Until then the service refuses what the member sends to the group. */
  readonly mutedUntil: number | undefined
  /** The last known read position. */
  readonly readSeq: number
}

export interface Members {
  readonly items: readonly Member[]
  readonly status: 'idle' | 'loading' | 'ready' | 'failed'
  /** Whether `loadMembers` would load more. */
  readonly hasMore: boolean
}

export interface Reader {
  readonly person: Person
  readonly readAt: number
}
