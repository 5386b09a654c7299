import type { Route } from './route.ts'

/** Calls by which users keep others away. */
export const consentRoutes = {
  listBlocks: { method: 'get', path: '/users/me/blocks' },
  blockUser: { method: 'put', path: '/users/me/blocks/{user_id}' },
  unblockUser: { method: 'delete', path: '/users/me/blocks/{user_id}' },
} as const satisfies Record<string, Route>
