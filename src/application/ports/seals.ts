/** Digests and seals that depend on the secret of the service: what is stored with them says nothing without it. */
export interface Seals {
  /** Returns the keyed digests of a text, one for each secret that is taken, that of the present one first. */
  macs(text: string): readonly [string, ...string[]]
  seal(text: string): string
  /** Returns what was sealed; undefined if it was sealed with a secret that is no longer taken, or changed since. */
  open(sealed: string): string | undefined
  /** What everything begins with that is sealed with the present secret, and nothing else. Empty: there is but one secret. */
  readonly mark: string
}
