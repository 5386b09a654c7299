import type { Route } from './route.ts'

/** Of what a user is notified, and on which devices: calls of the entry `client/notices`. */
export const noticesRoutes = {
  getNotices: { method: 'get', path: '/chats/{chat_id}/notices' },
  setNotices: { method: 'put', path: '/chats/{chat_id}/notices' },
  getPushKey: { method: 'get', path: '/push' },
  keepPushDevice: { method: 'put', path: '/push/devices/{device_id}' },
  unsubscribe: { method: 'post', path: '/mail/unsubscribe/{user_id}/{secret}' },
  dropPushDevice: { method: 'delete', path: '/push/devices/{device_id}' },
} as const satisfies Record<string, Route>
