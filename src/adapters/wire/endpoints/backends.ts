import { backendRoutes as routes } from '../routes/backends.ts'
import * as backends from '../schemas/backends.ts'
import { keyInPath, PageQuery, userInPath } from '../schemas/common.ts'
import { Me } from '../schemas/people.ts'
import type { Endpoint } from './endpoint.ts'

const MEBIBYTE = 1_048_576
const ofUser = { user_id: userInPath }

export const backendEndpoints = {
  provisionUsers: {
    ...routes.provisionUsers,
    tag: 'Back ends',
    summary: 'Add and update users by your ids for them; all or none',
    description: 'Needs a key with `provision`. What is left out of a user stays as it is.',
    body: backends.UsersWanted,
    bodyBytes: MEBIBYTE,
    success: { 200: backends.UsersProvisioned },
    problems: ['not-allowed', 'email-taken', 'username-taken'],
  },
  findExternalUser: {
    ...routes.findExternalUser,
    tag: 'Back ends',
    summary: 'Get a user by your id',
    description: 'Needs a key with `provision`.',
    query: backends.ExternalQuery,
    success: { 200: Me },
    problems: ['not-allowed', 'user-not-found'],
  },
  deleteUser: {
    ...routes.deleteUser,
    tag: 'Back ends',
    summary: 'Delete a user with all their texts',
    description: 'Needs a key with `admin`.',
    params: ofUser,
    success: { 204: null },
    problems: ['not-allowed', 'user-not-found'],
  },
  revokeTokens: {
    ...routes.revokeTokens,
    tag: 'Back ends',
    summary: 'Refuse all tokens of a user that were issued before now',
    description: 'Needs a key with `provision`. Within 5 s; sockets close with 4403.',
    params: ofUser,
    bodyBytes: MEBIBYTE,
    success: { 204: null },
    problems: ['not-allowed', 'user-not-found'],
  },
  provisionChats: {
    ...routes.provisionChats,
    tag: 'Back ends',
    summary: 'Create and change groups by your ids for them; each all or nothing',
    description: 'Needs a key with `provision`. The changes are ordinary events whose actor is the user `system`.',
    body: backends.ChatsWanted,
    bodyBytes: MEBIBYTE,
    success: { 200: backends.ChatsProvisioned },
    problems: ['not-allowed', 'user-not-found', 'chat-not-found', 'group-full'],
  },
  createKey: {
    ...routes.createKey,
    tag: 'Back ends',
    summary: 'Make a key for a back end or a bot; it is shown once',
    description: 'Needs a key with `admin`.',
    body: backends.NewKey,
    bodyBytes: MEBIBYTE,
    success: { 201: backends.KeyMade },
    problems: ['not-allowed', 'user-not-found'],
  },
  listKeys: {
    ...routes.listKeys,
    tag: 'Back ends',
    summary: 'List the keys that are not revoked, newest first',
    description: 'Needs a key with `admin`.',
    query: PageQuery,
    success: { 200: backends.KeyPage },
    problems: ['not-allowed'],
  },
  revokeKey: {
    ...routes.revokeKey,
    tag: 'Back ends',
    summary: 'Revoke a key within 5 s',
    description: 'Needs a key with `admin`. Its sockets close with 4403.',
    params: { key_id: keyInPath },
    success: { 204: null },
    problems: ['not-allowed', 'not-found'],
  },
} as const satisfies Record<string, Endpoint>
