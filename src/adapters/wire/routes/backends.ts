/** Method and path of each call of a back end, which no browser makes. */
export const backendRoutes = {
  provisionUsers: { method: 'put', path: '/service/users' },
  findExternalUser: { method: 'get', path: '/service/users' },
  deleteUser: { method: 'delete', path: '/service/users/{user_id}' },
  revokeTokens: { method: 'post', path: '/service/users/{user_id}/revoke' },
  provisionChats: { method: 'put', path: '/service/chats' },
  createKey: { method: 'post', path: '/service/keys' },
  listKeys: { method: 'get', path: '/service/keys' },
  revokeKey: { method: 'delete', path: '/service/keys/{key_id}' },
} as const satisfies Readonly<Record<string, { readonly method: string; readonly path: string }>>
