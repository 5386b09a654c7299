import type { Deed } from '../../domain/deed.ts'
import type { Person, PersonKind, User } from '../../domain/identity.ts'
import type { Instant, UserId } from '../../domain/ids.ts'
import type { Page, Window } from './lists.ts'
import type { PersonPosition } from './views.ts'

export interface NewUser {
  readonly id: UserId
  readonly username: string
  readonly name: string
  readonly email: string | undefined
  readonly passwordHash: string | undefined
  readonly createdAt: Instant
  readonly emailPending?: string | undefined
  /** `person` unless given. */
  readonly kind?: PersonKind | undefined
  readonly externalId?: string | undefined
  readonly avatarUrl?: string | undefined
}

/** A change of a user. What is undefined stays; null deletes. */
export interface UserChange {
  readonly id: UserId
  readonly name?: string | undefined
  readonly username?: string | undefined
  readonly email?: string | undefined
  readonly avatarUrl?: string | null | undefined
  readonly kind?: PersonKind | undefined
  readonly externalId?: string | undefined
  readonly passwordHash?: string | undefined
  readonly disabledAt?: Instant | null | undefined
  /** Tokens that were issued until then are refused. */
  readonly tokensAfter?: Instant | undefined
}

/** What another user has already. */
export type Taken = 'external-id-taken' | 'email-taken' | 'username-taken'

/**
 * Users. A deleted user's id stays taken and appears only as the sender of their messages. With a deed, its row of the audit is written in the
 * same transaction.
 */
export interface People {
  /** Adds a user, or returns what is taken already, in this order: the id, also that of a deleted user; the external id; the email. */
  add(user: NewUser): Promise<'added' | 'id-taken' | 'external-id-taken' | 'email-taken' | 'username-taken'>
  get(id: UserId): Promise<User | undefined>
  /** Returns the users with these external ids. One statement. */
  external(ids: readonly string[]): Promise<ReadonlyMap<string, User>>
  /** Adds and changes users, all of them or none: then it returns what is taken. Deleted users stay as they are. */
  save(added: readonly NewUser[], changed: readonly UserChange[]): Promise<'saved' | Taken>
  /** Returns the user with this email or username (in lower case) and the password hash. */
  credentials(login: string): Promise<{ readonly user: User; readonly passwordHash: string | undefined } | undefined>
  passwordHash(id: UserId): Promise<string | undefined>
  setPasswordHash(id: UserId, hash: string, deed?: Deed): Promise<void>
  /** Changes a name, a username or both; undefined leaves it unchanged. */
  rename(
    id: UserId,
    change: { readonly name?: string | undefined; readonly username?: string | undefined },
    deed?: Deed,
  ): Promise<'renamed' | 'username-taken'>
  /**
   * Returns users whose folded name or username contains `query`, by name (folded), then id; before them the user whose whole
   * username or email it is. With `exact`, that user only. The viewer is left out. `lastSeenAt` only of users who share a chat with them.
   */
  find(
    viewer: UserId,
    filter: { readonly query?: string | undefined; readonly exact: boolean },
    window: Window<PersonPosition>,
  ): Promise<Page<Person, PersonPosition>>
  /** Returns a user as `viewer` may see them: `lastSeenAt` only if they share a chat. */
  see(viewer: UserId, id: UserId): Promise<Person | undefined>
  /** Raises the `lastSeenAt` of these users to these times. */
  seen(times: ReadonlyMap<UserId, Instant>): Promise<void>
  /** Returns guests who were last seen (else made) before this time. */
  idleGuests(before: Instant, limit: number): Promise<readonly UserId[]>
  /** Begins a deletion: deletes username, email, name and password at once. */
  erase(id: UserId, at: Instant, deed?: Deed): Promise<void>
  /** Returns the users whose deletion has begun and not ended. */
  erasing(): Promise<readonly UserId[]>
  /** Ends a deletion. */
  erased(id: UserId): Promise<void>
}
