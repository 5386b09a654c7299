import { type Role, STAFF } from './member.ts'

/** Who may what in a group: the lowest role that may. */
export interface Rules {
  readonly post: Role
  readonly add: Role
  readonly invite: Role
  /** Seconds from one message of a member to the next; 0: none. Staff is free. */
  readonly slowS: number
}
export type RulesChange = { readonly [R in keyof Rules]?: Rules[R] | undefined }

/** Of a new group, and of private chats. */
export const RULES: Rules = { post: 'member', add: 'admin', invite: 'admin', slowS: 0 }

export const SLOW_LIMIT = 21_600

/** The roles that are at least this one. */
export const atLeast: Readonly<Record<Role, readonly Role[]>> = {
  owner: ['owner'],
  admin: STAFF,
  member: [...STAFF, 'member'],
}
