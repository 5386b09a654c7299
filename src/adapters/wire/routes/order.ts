import type { Route } from './route.ts'

/** Of calls by which groups keep order: who may write, who may come in, and how. */
export const groupRoutes = {
  muteMember: { method: 'put', path: '/chats/{chat_id}/members/{user_id}/mute' },
  unmuteMember: { method: 'delete', path: '/chats/{chat_id}/members/{user_id}/mute' },
  banUser: { method: 'put', path: '/chats/{chat_id}/bans/{user_id}' },
  unbanUser: { method: 'delete', path: '/chats/{chat_id}/bans/{user_id}' },
  listBans: { method: 'get', path: '/chats/{chat_id}/bans' },
  createInvitation: { method: 'post', path: '/chats/{chat_id}/invitations' },
  listInvitations: { method: 'get', path: '/chats/{chat_id}/invitations' },
  deleteInvitation: { method: 'delete', path: '/chats/{chat_id}/invitations/{invitation_id}' },
  joinChat: { method: 'post', path: '/chats/join' },
  askToJoin: { method: 'post', path: '/chats/requests' },
  listRequests: { method: 'get', path: '/chats/{chat_id}/requests' },
  acceptRequest: { method: 'put', path: '/chats/{chat_id}/requests/{user_id}' },
  declineRequest: { method: 'delete', path: '/chats/{chat_id}/requests/{user_id}' },
} as const satisfies Record<string, Route>

/** Of calls by which users keep order: what a chat is to them, and whom they let near. */
export const orderRoutes = {
  updateMyChat: { method: 'patch', path: '/chats/{chat_id}/me' },
} as const satisfies Record<string, Route>
