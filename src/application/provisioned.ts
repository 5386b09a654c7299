import type { User } from '../domain/identity.ts'
import type { ChatView } from './ports/views.ts'

/** A user as a back end wants it. What is left out stays. */
export interface UserWanted {
  readonly externalId: string
  readonly name: string
  readonly username?: string | undefined
  readonly email?: string | undefined
  /** Null: none. */
  readonly avatarUrl?: string | null | undefined
  readonly kind?: 'person' | 'bot' | undefined
  readonly disabled?: boolean | undefined
}

export type ProvisionResult = 'created' | 'updated' | 'same'

export interface ProvisionedUser {
  readonly externalId: string
  readonly user: User
  readonly result: ProvisionResult
}

/** A group as a back end wants it: users by their external ids. */
export interface ChatWanted {
  readonly externalId: string
  readonly name: string
  readonly owner: string
  readonly members: readonly string[]
  /** Whether members that are not listed are removed. */
  readonly exact?: boolean | undefined
}

export interface ProvisionedChat {
  readonly externalId: string
  readonly view: ChatView
  readonly result: ProvisionResult
}
