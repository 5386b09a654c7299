import type { Route } from './route.ts'

/** Of calls by which users keep order: what a chat is to them, and whom they let near. */
export const orderRoutes = {
  updateMyChat: { method: 'patch', path: '/chats/{chat_id}/me' },
} as const satisfies Record<string, Route>
