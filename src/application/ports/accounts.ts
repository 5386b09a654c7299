import type { Deed } from '../../domain/deed.ts'
import type { User } from '../../domain/identity.ts'
import type { Instant, UserId } from '../../domain/ids.ts'
import type { Page, Window } from './lists.ts'
import type { PersonPosition } from './views.ts'

export type AccountState = 'active' | 'disabled'

export interface AccountFilter {
  /** In folded form: part of a name, username or email, or a whole external id. */
  readonly query?: string | undefined
  readonly state?: AccountState | undefined
}

/** Addresses and states of users. With a deed, its row of the audit is written in the same transaction if anything changed. */
export interface Accounts {
  /** Keeps an address that is to be verified, in place of an earlier one; undefined keeps none. */
  setEmailPending(id: UserId, email: string | undefined): Promise<void>
  /** Makes the address that is to be verified the user's email. `changed`: the user has another one to verify, or none. */
  verifyEmail(id: UserId, email: string): Promise<'verified' | 'changed' | 'email-taken'>
  /** Sets the email without verification; none is to be verified then. */
  setEmail(id: UserId, email: string): Promise<'set' | 'email-taken'>
  /** Disables a user from this time on, or enables a disabled one. Returns whether that changed anything. */
  setDisabled(id: UserId, at: Instant | undefined, deed?: Deed): Promise<boolean>
  /** Makes a user a member of staff, or no longer one. Returns whether that changed anything. */
  setAdmin(id: UserId, isAdmin: boolean, deed?: Deed): Promise<boolean>
  /** Returns users, not deleted ones, by folded name, then id. */
  list(filter: AccountFilter, window: Window<PersonPosition>): Promise<Page<User, PersonPosition>>
}
