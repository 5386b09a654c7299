import type { UserId } from './ids.ts'

/** Of whom somebody accepts something. `known`: of people with whom they share a group, or have both written in their private chat. */
export type Openness = 'anyone' | 'known' | 'nobody'

/** What a user lets others do. */
export interface Privacy {
  /** Who may write first in a private chat. */
  readonly write: Openness
  /** Who may add the user to a group. */
  readonly add: Openness
  /** Who sees when the user was last there, and whether they are now. */
  readonly lastSeen: Exclude<Openness, 'anyone'>
}
export const OPEN: Privacy = { write: 'anyone', add: 'anyone', lastSeen: 'known' }

/** Users whom one user has blocked, at most. */
export const BLOCKS_LIMIT = 1_000

/** What a user accepts of another one. */
export interface Consent {
  readonly privacy: Privacy
  readonly isKnown: boolean
  /** Whether either has blocked the other. */
  readonly isBlocked: boolean
}

/** Names what a user accepts of another one. */
export const consentKey = ([userId, ofId]: readonly [UserId, UserId]): string => `${userId} ${ofId}`

export const accepts = ({ privacy, isKnown, isBlocked }: Consent, what: 'write' | 'add'): boolean =>
  !isBlocked && (privacy[what] === 'anyone' || (privacy[what] === 'known' && isKnown))
