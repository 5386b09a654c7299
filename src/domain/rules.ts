import { type Role, STAFF } from './member.ts'

/** Who may what in a group: the lowest role that may. */
export interface Rules {
  readonly post: Role
  readonly add: Role
  readonly invite: Role
  /** Seconds from one message of a member to the next; 0: none. Staff is free. */
  readonly slowS: number
  /** Seconds after which the texts of messages go; 0: they stay. Deeds, rows and keys stay in any case. */
  readonly keepS: number
}
export type RulesChange = { readonly [R in keyof Rules]?: Rules[R] | undefined }

/** Of a new group, and of private chats. */
export const RULES: Rules = { post: 'member', add: 'admin', invite: 'admin', slowS: 0, keepS: 0 }

export const SLOW_LIMIT = 21_600
/** Ten years. */
export const KEEP_LIMIT = 315_360_000

/** The roles that are at least this one. */
export const atLeast: Readonly<Record<Role, readonly Role[]>> = {
  owner: ['owner'],
  admin: STAFF,
  member: [...STAFF, 'member'],
}
