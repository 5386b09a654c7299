/**
 * Slow on purpose, off the event loop, bounded in number: refuses with `overloaded` when too many wait. `owner` is whom the work is for, a
 * network or a person: those who wait take turns, so that one who tries many passwords delays nobody else.
 */
export interface Passwords {
  hash(password: string, owner?: string): Promise<string>
  /** Takes the same time whether there is a hash or not. */
  verify(hash: string | undefined, password: string, owner?: string): Promise<boolean>
}
