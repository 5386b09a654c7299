/** Method and path of each call of a back end or of staff: calls of the entry `client/admin`, as far as the client makes them. */
export const backendRoutes = {
  findAccounts: { method: 'get', path: '/admin/users' },
  updateAccount: { method: 'patch', path: '/admin/users/{user_id}' },
  endAccountSessions: { method: 'post', path: '/admin/users/{user_id}/sessions/end' },
  recoverAccount: { method: 'post', path: '/admin/users/{user_id}/recovery' },
  deleteAccount: { method: 'delete', path: '/admin/users/{user_id}' },
  inspectChat: { method: 'get', path: '/admin/chats/{chat_id}' },
  removeChat: { method: 'delete', path: '/admin/chats/{chat_id}' },
  listDeeds: { method: 'get', path: '/admin/audit' },
  provisionUsers: { method: 'put', path: '/service/users' },
  findExternalUser: { method: 'get', path: '/service/users' },
  deleteUser: { method: 'delete', path: '/service/users/{user_id}' },
  revokeTokens: { method: 'post', path: '/service/users/{user_id}/revoke' },
  provisionChats: { method: 'put', path: '/service/chats' },
  createKey: { method: 'post', path: '/service/keys' },
  listKeys: { method: 'get', path: '/service/keys' },
  revokeKey: { method: 'delete', path: '/service/keys/{key_id}' },
} as const satisfies Readonly<Record<string, { readonly method: string; readonly path: string }>>
