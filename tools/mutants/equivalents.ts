/** A mutant that no test can notice, and why: the program does the same with it, or differs only where nothing is promised. */
export interface Equivalent {
  readonly file: string
  /** The source that is replaced, on one line. */
  readonly was: string
  /** By what. Left out: by anything. */
  readonly becomes?: string
  readonly why: string
}

export const equivalents: readonly Equivalent[] = []
