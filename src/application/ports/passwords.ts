/**
 * Hashes and checks passwords: slow on purpose, off the event loop. Refuses with `overloaded` if too many calls wait. `owner` is the
 * network or user that the work is for: owners take turns, so that one that tries many passwords does not delay the others.
 */
export interface Passwords {
  hash(password: string, owner?: string): Promise<string>
  /** Takes the same time with and without a hash. */
  verify(hash: string | undefined, password: string, owner?: string): Promise<boolean>
}
