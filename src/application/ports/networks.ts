import type { Instant, UserId } from '../../domain/ids.ts'

/** The networks from which users were signed in. */
export interface Networks {
  /** Notes a network of a user. Returns whether it was known, new, or the user's first. */
  note(userId: UserId, network: string, at: Instant): Promise<'known' | 'new' | 'first'>
  /** Whether the user was signed in from this network at this time or later. */
  isKnown(userId: UserId, network: string, since: Instant): Promise<boolean>
  /** Deletes networks last used before this time and returns how many. */
  forget(before: Instant): Promise<number>
}
