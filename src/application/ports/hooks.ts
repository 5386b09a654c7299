/** What webhooks need of the outside. */
export interface Hooks {
  /** Returns what is wrong with the address of a webhook; undefined if nothing is, as far as the address itself tells. */
  fault(url: string): string | undefined
  /** Returns the secret of a webhook that signs its requests; the same arguments always give the same secret. */
  secret(hookId: string, number: number): string
}
