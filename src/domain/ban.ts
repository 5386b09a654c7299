import type { Instant, UserId } from './ids.ts'

/** Who may not come into a group, in whatever way. */
export interface Ban {
  readonly byId: UserId
  readonly at: Instant
  /** Undefined: for good. */
  readonly until: Instant | undefined
  /** For the staff of the group. */
  readonly reason: string | undefined
}

/** Takes the reasons that somebody gave out of bans. */
export function unsay(bans: Map<UserId, Ban | null>, byId: UserId): void {
  for (const [id, ban] of bans) if (ban?.byId === byId) bans.set(id, { ...ban, reason: undefined })
}

export const isInForce = ({ until }: Pick<Ban, 'until'>, now: Instant): boolean => until === undefined || until > now
