import type { z } from 'zod'
import type { ProblemCode } from './problems.ts'
import { type OperationId, routes } from './routes.ts'
import * as chats from './schemas/chats.ts'
import { chatInPath, memberInPath, messageInPath, PageQuery, sessionInPath, userInPath } from './schemas/common.ts'
import { EventPage } from './schemas/events.ts'
import * as identity from './schemas/identity.ts'
import * as messages from './schemas/messages.ts'
import { Me, PeopleQuery, User, UserPage } from './schemas/people.ts'
import { Service } from './schemas/service.ts'

export type Tag = 'Service' | 'Identity' | 'People' | 'Chats' | 'Messages'
export type SuccessStatus = 200 | 201 | 204

export interface Endpoint {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  readonly path: string
  readonly tag: Tag
  readonly summary: string
  readonly description?: string
  /** Needs no token. */
  readonly open?: true
  readonly params?: Readonly<Record<string, z.ZodType<string, string>>>
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly form?: z.ZodType
  /** What is answered, by status; null is an empty body. */
  readonly success: { readonly [S in SuccessStatus]?: z.ZodType | null }
  /** Answers of a form of their own to requests that fail. */
  readonly failure?: { readonly 400: z.ZodType }
  /** Which headers an answer of this status names. */
  readonly headers?: { readonly [S in SuccessStatus]?: readonly ('Idempotency-Replayed' | 'Link')[] }
  /** Those that are its own; `problemsOf` adds what every such request can meet. */
  readonly problems: readonly ProblemCode[]
}

const inChat = { chat_id: chatInPath }
const inMessage = { chat_id: chatInPath, message_id: messageInPath }
const linked = { 200: ['Link'] } as const
const replayed = { 200: ['Idempotency-Replayed'] } as const

/** Every call of the HTTP interface, said once: validation, handler types, the OpenAPI document and the client's types come from here. */
export const endpoints = {
  getService: {
    ...routes.getService,
    tag: 'Service',
    summary: 'What serves here, and within which limits',
    open: true,
    success: { 200: Service },
    problems: [],
  },

  register: {
    ...routes.register,
    tag: 'Identity',
    summary: 'Become somebody, and be signed in',
    open: true,
    body: identity.Registration,
    success: { 201: identity.Session },
    problems: ['email-taken', 'username-taken', 'too-many-requests'],
  },
  login: {
    ...routes.login,
    tag: 'Identity',
    summary: 'Sign in with an e-mail or a username',
    description: 'The member `login` may also be spelt `email` or `username`. An unknown login and a wrong password get the same answer.',
    open: true,
    body: identity.Login,
    success: { 200: identity.Session },
    problems: ['bad-credentials', 'too-many-requests'],
  },
  issueToken: {
    ...routes.issueToken,
    tag: 'Identity',
    summary: 'Sign in, or go on, by an OAuth 2 form',
    description: 'For the Authorize button of these pages and for clients that speak RFC 6749.',
    open: true,
    form: identity.TokenForm,
    success: { 200: identity.Token },
    failure: { 400: identity.TokenError },
    problems: ['too-many-requests'],
  },
  refresh: {
    ...routes.refresh,
    tag: 'Identity',
    summary: 'Go on with a session',
    description:
      'The refresh token is spent and a new one answered. For 10 s a spent one gives the same successor; later it ends the session.',
    open: true,
    body: identity.Refresh,
    success: { 200: identity.Session },
    problems: ['unauthenticated', 'token-expired', 'session-ended', 'too-many-requests'],
  },
  logout: {
    ...routes.logout,
    tag: 'Identity',
    summary: 'End this session and its sockets',
    success: { 204: null },
    problems: [],
  },
  changePassword: {
    ...routes.changePassword,
    tag: 'Identity',
    summary: 'Set another password, and end all other sessions',
    body: identity.PasswordChange,
    success: { 204: null },
    problems: ['bad-credentials'],
  },
  listSessions: {
    ...routes.listSessions,
    tag: 'Identity',
    summary: 'Where one is signed in',
    query: PageQuery,
    success: { 200: identity.SessionPage },
    problems: [],
  },
  endSession: {
    ...routes.endSession,
    tag: 'Identity',
    summary: 'Sign out another device, at once',
    params: { session_id: sessionInPath },
    success: { 204: null },
    problems: ['session-not-found'],
  },
  createGuest: {
    ...routes.createGuest,
    tag: 'Identity',
    summary: 'Come in as a guest',
    description: 'Only where the service is a demonstration.',
    open: true,
    body: identity.Guest,
    success: { 201: identity.Session },
    problems: ['not-found', 'too-many-requests'],
  },

  getMe: { ...routes.getMe, tag: 'People', summary: 'Oneself', success: { 200: Me }, problems: [] },
  updateMe: {
    ...routes.updateMe,
    tag: 'People',
    summary: 'Take another name or username',
    body: identity.MeChange,
    success: { 200: Me },
    problems: ['username-taken'],
  },
  deleteMe: {
    ...routes.deleteMe,
    tag: 'People',
    summary: 'Be forgotten',
    description: 'One leaves every group; all one’s texts are gone and read as deleted; e-mail and username are free again.',
    body: identity.Deletion,
    success: { 204: null },
    problems: ['bad-credentials'],
  },
  findUsers: {
    ...routes.findUsers,
    tag: 'People',
    summary: 'Find people by name, username or whole e-mail',
    query: PeopleQuery,
    success: { 200: UserPage },
    problems: [],
  },
  getUser: {
    ...routes.getUser,
    tag: 'People',
    summary: 'Somebody',
    params: { user_id: userInPath },
    success: { 200: User },
    problems: ['user-not-found'],
  },
  sendMessageToUser: {
    ...routes.sendMessageToUser,
    tag: 'People',
    summary: 'Write to somebody, whether there is a chat or not',
    params: { user_id: userInPath },
    body: messages.NewMessageToUser,
    success: { 201: messages.Message, 200: messages.Message },
    headers: replayed,
    problems: ['user-not-found', 'chat-with-self', 'text-empty', 'text-too-long', 'key-reused', 'too-many-requests'],
  },

  createChat: {
    ...routes.createChat,
    tag: 'Chats',
    summary: 'Open a private chat, or make a group',
    description: '200 for what exists: the private chat with that person, or the group with that `client_chat_id`.',
    body: chats.NewChat,
    success: { 201: chats.Chat, 200: chats.Chat },
    problems: ['chat-with-self', 'user-not-found', 'chat-not-found', 'group-full'],
  },
  listChats: {
    ...routes.listChats,
    tag: 'Chats',
    summary: 'One’s own chats, newest first',
    query: chats.ChatsQuery,
    success: { 200: chats.ChatPage },
    problems: [],
  },
  getChat: {
    ...routes.getChat,
    tag: 'Chats',
    summary: 'One of one’s own chats',
    params: inChat,
    success: { 200: chats.Chat },
    problems: ['chat-not-found'],
  },
  renameChat: {
    ...routes.renameChat,
    tag: 'Chats',
    summary: 'Give a group another name',
    params: inChat,
    body: chats.ChatChange,
    success: { 200: chats.Chat },
    problems: ['chat-not-found', 'not-a-group', 'not-allowed'],
  },
  deleteChat: {
    ...routes.deleteChat,
    tag: 'Chats',
    summary: 'Delete a group with all that it holds',
    params: inChat,
    success: { 204: null },
    problems: ['chat-not-found', 'not-a-group', 'not-allowed'],
  },
  listMembers: {
    ...routes.listMembers,
    tag: 'Chats',
    summary: 'Who is in a chat, in the order in which they came',
    params: inChat,
    query: PageQuery,
    success: { 200: chats.MemberPage },
    problems: ['chat-not-found'],
  },
  addMembers: {
    ...routes.addMembers,
    tag: 'Chats',
    summary: 'Add people to a group, all or nobody',
    params: inChat,
    body: chats.Additions,
    success: { 200: chats.Added },
    problems: ['chat-not-found', 'user-not-found', 'not-a-group', 'not-allowed', 'group-full'],
  },
  removeMembers: {
    ...routes.removeMembers,
    tag: 'Chats',
    summary: 'Remove several members, all or nobody',
    params: inChat,
    query: chats.RemovalQuery,
    success: { 200: chats.Removed },
    problems: ['chat-not-found', 'user-not-found', 'not-a-group', 'not-allowed', 'last-owner'],
  },
  changeRole: {
    ...routes.changeRole,
    tag: 'Chats',
    summary: 'Give a member another role',
    description: 'Giving `owner` away makes the giver an admin in the same change.',
    params: { chat_id: chatInPath, user_id: userInPath },
    body: chats.RoleChange,
    success: { 200: chats.Member },
    problems: ['chat-not-found', 'user-not-found', 'not-a-group', 'not-allowed', 'last-owner'],
  },
  removeMember: {
    ...routes.removeMember,
    tag: 'Chats',
    summary: 'Remove a member, or leave',
    params: { chat_id: chatInPath, user_id: memberInPath },
    success: { 204: null },
    problems: ['chat-not-found', 'user-not-found', 'not-a-group', 'not-allowed', 'last-owner'],
  },

  sendMessage: {
    ...routes.sendMessage,
    tag: 'Messages',
    summary: 'Send a message, or find out that an earlier attempt arrived',
    description: 'The same `client_message_id` again gives the same message with 200 and `Idempotency-Replayed: true`, for ever.',
    params: inChat,
    body: messages.NewMessage,
    success: { 201: messages.Message, 200: messages.Message },
    headers: replayed,
    problems: ['chat-not-found', 'message-not-found', 'text-empty', 'text-too-long', 'key-reused', 'too-many-requests'],
  },
  listMessages: {
    ...routes.listMessages,
    tag: 'Messages',
    summary: 'Messages of a chat, the newest page first',
    description:
      'One of `before`, `after`, `around`, `offset` and `cursor` chooses another page. Items ascend by `seq` unless `order=desc`.',
    params: inChat,
    query: messages.MessagesQuery,
    success: { 200: messages.MessagePage },
    headers: linked,
    problems: ['chat-not-found'],
  },
  searchMessages: {
    ...routes.searchMessages,
    tag: 'Messages',
    summary: 'Search in all of one’s own chats, newest first',
    query: messages.SearchQuery,
    success: { 200: messages.MessagePage },
    headers: linked,
    problems: ['chat-not-found'],
  },
  getMessage: {
    ...routes.getMessage,
    tag: 'Messages',
    summary: 'One message',
    params: inMessage,
    success: { 200: messages.Message },
    problems: ['chat-not-found', 'message-not-found'],
  },
  editMessage: {
    ...routes.editMessage,
    tag: 'Messages',
    summary: 'Change the text of one’s own message',
    params: inMessage,
    body: messages.MessageChange,
    success: { 200: messages.Message },
    problems: ['chat-not-found', 'message-not-found', 'not-allowed', 'text-empty', 'text-too-long', 'message-deleted', 'version-conflict'],
  },
  deleteMessage: {
    ...routes.deleteMessage,
    tag: 'Messages',
    summary: 'Take the text of a message away; its place stays',
    params: inMessage,
    success: { 204: null },
    problems: ['chat-not-found', 'message-not-found', 'not-allowed'],
  },
  markRead: {
    ...routes.markRead,
    tag: 'Messages',
    summary: 'Everything up to a message, or a `seq`, is read',
    params: inChat,
    body: messages.ReadMark,
    success: { 200: messages.Reading },
    problems: ['chat-not-found', 'message-not-found'],
  },
  markMessageRead: {
    ...routes.markMessageRead,
    tag: 'Messages',
    summary: 'Everything up to this message is read',
    params: inMessage,
    success: { 200: messages.Reading },
    problems: ['chat-not-found', 'message-not-found'],
  },
  listReaders: {
    ...routes.listReaders,
    tag: 'Messages',
    summary: 'Who has read a message, and when',
    params: inMessage,
    query: PageQuery,
    success: { 200: messages.ReaderPage },
    problems: ['chat-not-found', 'message-not-found'],
  },
  listEvents: {
    ...routes.listEvents,
    tag: 'Messages',
    summary: 'The log of a chat, ascending, without holes',
    params: inChat,
    query: messages.EventsQuery,
    success: { 200: EventPage },
    headers: linked,
    problems: ['chat-not-found'],
  },
} as const satisfies Record<OperationId, Endpoint>

export type Endpoints = typeof endpoints

/** All problems that a call can answer with: its own, and those of every call of its kind. */
export function problemsOf(endpoint: Endpoint): readonly ProblemCode[] {
  const all = new Set<ProblemCode>(endpoint.problems)
  if (!endpoint.open) for (const code of ['unauthenticated', 'token-expired', 'session-ended'] as const) all.add(code)
  if (endpoint.body) for (const code of ['bad-json', 'too-large', 'unsupported-media-type', 'invalid'] as const) all.add(code)
  if (endpoint.form) for (const code of ['too-large', 'unsupported-media-type'] as const) all.add(code)
  if (endpoint.query) all.add('invalid')
  for (const code of ['internal', 'overloaded', 'draining'] as const) all.add(code)
  return [...all]
}
