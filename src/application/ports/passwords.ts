/** Slow on purpose, off the event loop, bounded in number: refuses with `overloaded` when too many wait. */
export interface Passwords {
  hash(password: string): Promise<string>
  /** Takes the same time whether there is a hash or not. */
  verify(hash: string | undefined, password: string): Promise<boolean>
}
