/** What a key of a back end may do. `admin` includes all others. */
export const KEY_SCOPES = ['provision', 'read', 'act', 'post', 'moderate', 'hooks', 'admin'] as const
export type KeyScope = (typeof KEY_SCOPES)[number]
