import type { accountRoutes } from './routes/accounts.ts'
import type { backendRoutes } from './routes/backends.ts'
import type { consentRoutes } from './routes/consent.ts'
import type { fileRoutes } from './routes/files.ts'
import type { noticesRoutes } from './routes/notices.ts'
import type { groupRoutes, orderRoutes } from './routes/order.ts'
import type { programRoutes } from './routes/programs.ts'
import type { Route } from './routes/route.ts'

export const BASE_PATH = '/api/v1'
export const SOCKET_PATH = '/api/v1/ws'

/** Method and path of each call that the core of the client makes. `endpoints.ts` has everything else; this part is small enough for a browser. */
export const routes = {
  getService: { method: 'get', path: '/' },

  register: { method: 'post', path: '/auth/register' },
  login: { method: 'post', path: '/auth/login' },
  issueToken: { method: 'post', path: '/auth/token' },
  refresh: { method: 'post', path: '/auth/refresh' },
  logout: { method: 'post', path: '/auth/logout' },
  changePassword: { method: 'post', path: '/auth/password' },
  listSessions: { method: 'get', path: '/auth/sessions' },
  endSession: { method: 'delete', path: '/auth/sessions/{session_id}' },
  createGuest: { method: 'post', path: '/auth/guest' },

  getMe: { method: 'get', path: '/users/me' },
  updateMe: { method: 'patch', path: '/users/me' },
  deleteMe: { method: 'post', path: '/users/me/delete' },
  findUsers: { method: 'get', path: '/users' },
  getUser: { method: 'get', path: '/users/{user_id}' },
  sendMessageToUser: { method: 'post', path: '/users/{user_id}/messages' },

  createChat: { method: 'post', path: '/chats' },
  listChats: { method: 'get', path: '/chats' },
  getChat: { method: 'get', path: '/chats/{chat_id}' },
  renameChat: { method: 'patch', path: '/chats/{chat_id}' },
  deleteChat: { method: 'delete', path: '/chats/{chat_id}' },
  listMembers: { method: 'get', path: '/chats/{chat_id}/members' },
  addMembers: { method: 'post', path: '/chats/{chat_id}/members' },
  removeMembers: { method: 'delete', path: '/chats/{chat_id}/members' },
  changeRole: { method: 'patch', path: '/chats/{chat_id}/members/{user_id}' },
  removeMember: { method: 'delete', path: '/chats/{chat_id}/members/{user_id}' },

  sendMessage: { method: 'post', path: '/chats/{chat_id}/messages' },
  listMessages: { method: 'get', path: '/chats/{chat_id}/messages' },
  searchMessages: { method: 'get', path: '/messages' },
  listMentions: { method: 'get', path: '/mentions' },
  getMessage: { method: 'get', path: '/chats/{chat_id}/messages/{message_id}' },
  editMessage: { method: 'patch', path: '/chats/{chat_id}/messages/{message_id}' },
  deleteMessage: { method: 'delete', path: '/chats/{chat_id}/messages/{message_id}' },
  markRead: { method: 'post', path: '/chats/{chat_id}/read' },
  markMessageRead: { method: 'put', path: '/chats/{chat_id}/messages/{message_id}/read' },
  listReaders: { method: 'get', path: '/chats/{chat_id}/messages/{message_id}/readers' },
  addReaction: { method: 'put', path: '/chats/{chat_id}/messages/{message_id}/reactions/{emoji}' },
  removeReaction: { method: 'delete', path: '/chats/{chat_id}/messages/{message_id}/reactions/{emoji}' },
  listReactions: { method: 'get', path: '/chats/{chat_id}/messages/{message_id}/reactions' },
  pinMessage: { method: 'put', path: '/chats/{chat_id}/messages/{message_id}/pin' },
  unpinMessage: { method: 'delete', path: '/chats/{chat_id}/messages/{message_id}/pin' },
  listPins: { method: 'get', path: '/chats/{chat_id}/pins' },
  listEvents: { method: 'get', path: '/chats/{chat_id}/events' },
} as const satisfies Record<string, Route>

/** Calls that the core of the client makes. */
export type ClientOperationId = keyof typeof routes
export type OperationId =
  | ClientOperationId
  | keyof typeof accountRoutes
  | keyof typeof backendRoutes
  | keyof typeof fileRoutes
  | keyof typeof groupRoutes
  | keyof typeof consentRoutes
  | keyof typeof orderRoutes
  | keyof typeof noticesRoutes
  | keyof typeof programRoutes
