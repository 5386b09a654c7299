import { backendRoutes as routes } from '../routes/backends.ts'
import * as admin from '../schemas/admin.ts'
import { chatInPath, userInPath } from '../schemas/common.ts'
import type { Endpoint } from './endpoint.ts'

const ofUser = { user_id: userInPath }
const ofChat = { chat_id: chatInPath }
const forStaff = { tag: 'Staff', description: 'For staff, and keys with `admin`. What it changes has a row in the audit.' } as const

export const adminEndpoints = {
  findAccounts: {
    ...routes.findAccounts,
    ...forStaff,
    summary: 'Find users by parts of name, username or email',
    query: admin.AccountsQuery,
    success: { 200: admin.AccountPage },
    problems: ['not-allowed'],
  },
  updateAccount: {
    ...routes.updateAccount,
    ...forStaff,
    summary: 'Disable, enable or rename a user',
    params: ofUser,
    body: admin.AccountChange,
    success: { 200: admin.Account },
    problems: ['not-allowed', 'user-not-found', 'username-taken'],
  },
  endAccountSessions: {
    ...routes.endAccountSessions,
    ...forStaff,
    summary: 'Sign out all devices of a user',
    params: ofUser,
    success: { 204: null },
    problems: ['not-allowed', 'user-not-found'],
  },
  recoverAccount: {
    ...routes.recoverAccount,
    ...forStaff,
    summary: 'Make a one-time code with which a user sets a new password',
    params: ofUser,
    success: { 201: admin.OneTimeCode },
    problems: ['not-allowed', 'user-not-found'],
  },
  deleteAccount: {
    ...routes.deleteAccount,
    ...forStaff,
    summary: 'Delete a user with all their texts',
    params: ofUser,
    success: { 204: null },
    problems: ['not-allowed', 'user-not-found'],
  },
  inspectChat: {
    ...routes.inspectChat,
    ...forStaff,
    summary: 'Get a chat without its texts',
    params: ofChat,
    success: { 200: admin.InspectedChat },
    problems: ['not-allowed', 'chat-not-found'],
  },
  removeChat: {
    ...routes.removeChat,
    ...forStaff,
    summary: 'Delete a chat with all that it holds',
    params: ofChat,
    success: { 204: null },
    problems: ['not-allowed', 'chat-not-found'],
  },
  listDeeds: {
    ...routes.listDeeds,
    ...forStaff,
    summary: 'List what staff and back ends did, newest first',
    query: admin.DeedsQuery,
    success: { 200: admin.DeedPage },
    problems: ['not-allowed'],
  },
} as const satisfies Record<string, Endpoint>
