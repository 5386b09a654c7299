/** A user as your system knows them. What is left out stays as it is. */
export interface HostProfile {
  readonly externalId: string
  readonly name: string
  readonly username?: string | undefined
  readonly email?: string | undefined
  /** An https URL; null: none. */
  readonly avatarUrl?: string | null | undefined
  readonly kind?: 'person' | 'bot' | undefined
  readonly disabled?: boolean | undefined
}
