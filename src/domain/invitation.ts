import type { ChatId, Count, Duration, Instant, UserId } from './ids.ts'
import { invalid } from './refusal.ts'

/** A code that lets people into a group. Of the code only the digest is stored. */
export interface Invitation {
  readonly id: string
  readonly chatId: ChatId
  readonly hash: string
  readonly createdBy: UserId
  readonly createdAt: Instant
  readonly expiresAt: Instant
  /** How many people it lets in, at most; undefined: as many as come. */
  readonly uses: Count | undefined
  readonly used: Count
  /** Whether those who have the code ask, and the staff of the group decides. */
  readonly needsApproval?: boolean | undefined
}

/** Somebody asks to be let into a group. */
export interface JoinRequest {
  readonly at: Instant
  /** By which the group was found. */
  readonly invitationId: string
}

/** Requests that wait in one group, at most. */
export const REQUESTS_LIMIT = 1_000

export const INVITATION_TTL: Duration = 7 * 86_400_000
export const INVITATION_TTL_MAX: Duration = 366 * 86_400_000
/** Good ones in one group, at most. */
export const INVITATIONS_LIMIT = 100

export function checkedExpiry(at: Instant | undefined, now: Instant): Instant {
  if (at === undefined) return now + INVITATION_TTL
  if (at <= now || at > now + INVITATION_TTL_MAX) throw invalid('/expires_at', 'is in the future, at most 366 days away')
  return at
}

/** Whether it still lets somebody in. */
export const isGood = ({ expiresAt, uses, used }: Invitation, now: Instant): boolean =>
  expiresAt > now && (uses === undefined || used < uses)
