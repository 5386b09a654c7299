import type { UserId } from '../../domain/ids.ts'

/** One row of what is stored about a user. */
export interface ExportedRow {
  /** What kind of row it is: `users`, `messages`, `reactions` … */
  readonly about: string
  readonly row: Readonly<Record<string, unknown>>
}

/** Everything that is stored about one user. */
export interface Exports {
  /**
   * Reads all of it, a bounded number of rows at a time, without secrets and without what others wrote. It ends where the reader stops;
   * what is written meanwhile may be in it or not.
   */
  person(userId: UserId): AsyncIterable<ExportedRow>
}
