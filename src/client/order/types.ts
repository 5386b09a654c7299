import type { Person } from '../basic-types.ts'
import type { Role, Rules } from '../types.ts'

export type { Role, Rules }
/** What is left out stays. */
export type RulesChange = { readonly [R in keyof Rules]?: Rules[R] | undefined }

/** What a group says of itself. What is left out stays; a description of `undefined` or null is none. */
export interface GroupChange {
  readonly name?: string
  readonly description?: string | null
  readonly rules?: RulesChange
}

/** Who may not come into a group. */
export interface Ban {
  readonly person: Person
  readonly at: number
  /** The id of who banned. */
  readonly by: string
  /** Undefined: for good. */
  readonly until: number | undefined
  readonly reason: string | undefined
}

/** A code that lets people into a group. */
export interface Invitation {
  readonly id: string
  readonly createdAt: number
  /** The id of its maker. */
  readonly createdBy: string
  readonly expiresAt: number
  /** How many people it lets in, at most; undefined: as many as come. */
  readonly uses: number | undefined
  readonly used: number
  /** Whether those who have the code ask to be let in. */
  readonly needsApproval: boolean
}

/** Somebody who asks to be let into a group. */
export interface JoinRequest {
  readonly person: Person
  readonly at: number
  readonly invitationId: string
}

/** What a user hears who asks. */
export interface Asked {
  readonly chatId: string
  /** Of the group. */
  readonly name: string
  readonly isMember: boolean
}

/** An invitation that was just made: the code is shown this once. */
export interface NewInvitation extends Invitation {
  readonly code: string
  readonly url: string
}
