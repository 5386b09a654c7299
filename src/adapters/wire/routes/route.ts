export interface Route {
  readonly method: 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete'
  /** Relative to the base path; parameters in braces. */
  readonly path: string
}
