import type { Person, User } from '../../domain/identity.ts'
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
}

/** Who there is. Those who were deleted keep their id, and are not found by anything but `get`-ting messages of theirs. */
export interface People {
  /** Adds a user, or returns what is taken already: first the id, also that of a deleted user. */
  add(user: NewUser): Promise<'added' | 'id-taken' | 'email-taken' | 'username-taken'>
  get(id: UserId): Promise<User | undefined>
  /** By e-mail or username, in lower case, with what a password is checked against. */
  credentials(login: string): Promise<{ readonly user: User; readonly passwordHash: string | undefined } | undefined>
  passwordHash(id: UserId): Promise<string | undefined>
  setPasswordHash(id: UserId, hash: string): Promise<void>
  /** Changes a name, a username or both; undefined leaves it. */
  rename(
    id: UserId,
    change: { readonly name?: string | undefined; readonly username?: string | undefined },
  ): Promise<'renamed' | 'username-taken'>
  /**
   * People whose folded name or username contains `query`, by name (folded), then id; before them the person whose whole username or email
   * it is. With `exact`, that person only. The viewer is left out. `lastSeenAt` only of people with whom the viewer shares a chat.
   */
  find(
    viewer: UserId,
    filter: { readonly query?: string | undefined; readonly exact: boolean },
    window: Window<PersonPosition>,
  ): Promise<Page<Person, PersonPosition>>
  /** Somebody as `viewer` may see them: `lastSeenAt` only where they share a chat. */
  see(viewer: UserId, id: UserId): Promise<Person | undefined>
  /** These people's times of being last seen are at least these. */
  seen(times: ReadonlyMap<UserId, Instant>): Promise<void>
  /** Begins a deletion: username, e-mail, name and password are gone at once. */
  erase(id: UserId, at: Instant): Promise<void>
  /** Deletions that have begun and not ended. */
  erasing(): Promise<readonly UserId[]>
  /** Ends a deletion. */
  erased(id: UserId): Promise<void>
}
