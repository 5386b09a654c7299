import type { Factor } from '../../domain/factor.ts'
import type { Count, Instant, UserId } from '../../domain/ids.ts'

/** Authenticator apps, passkeys and recovery codes of users. */
export interface Factors {
  /** Adds a factor. Returns whether it did: a credential that another factor has is not added. */
  add(factor: Factor): Promise<boolean>
  /** Returns a user's factors, those that are not confirmed too, oldest first. */
  list(userId: UserId): Promise<readonly Factor[]>
  /** Returns the passkey with this credential id. */
  withCredential(credentialId: string): Promise<Factor | undefined>
  /** Marks a factor as confirmed. */
  confirm(userId: UserId, id: string, at: Instant): Promise<void>
  /**
   * Notes a use with a counter above the last one. Returns whether it did: a counter is used once, however many callers use it at once.
   * Counters that stay 0, as those of many passkeys, are always accepted.
   */
  use(id: string, counter: Count, at: Instant): Promise<boolean>
  /** Returns authenticator apps whose sealed secrets do not begin with `mark`, by id, behind that of the page before. */
  sealedOtherwise(mark: string, page: { readonly after: string | undefined; readonly limit: Count }): Promise<readonly Factor[]>
  /** Keeps a secret in another sealed form. */
  reseal(id: string, secret: string): Promise<void>
  /** Deletes these factors of a user and returns how many there were: of two callers, one gets each. */
  remove(userId: UserId, ids: readonly string[]): Promise<Count>
}
