import { accountRoutes } from '../routes/accounts.ts'
import { routes } from '../routes.ts'
import { userInPath } from '../schemas/common.ts'
import * as identity from '../schemas/identity.ts'
import * as messages from '../schemas/messages.ts'
import { MyProfile, PeopleQuery, User, UserPage } from '../schemas/people.ts'
import { type Endpoint, replayed } from './endpoint.ts'

export const peopleEndpoints = {
  getMe: { ...routes.getMe, tag: 'People', summary: 'Get your profile', success: { 200: MyProfile }, problems: [] },
  upgradeGuest: {
    ...accountRoutes.upgradeGuest,
    tag: 'People',
    summary: 'Make your guest account a lasting one; your chats stay',
    description: 'With an email and a password the answer is a session, with a token of an issuer the user.',
    body: identity.Upgrade,
    success: { 200: identity.Upgraded },
    problems: ['email-taken', 'username-taken', 'person-exists'],
  },
  updateMe: {
    ...routes.updateMe,
    tag: 'People',
    summary: 'Change your name, username, email or notification settings',
    description:
      'A new email needs `current_password`. If the service sends mail, the answer is 202, and the email changes when you verify it with `POST /auth/email/verify`. The server also writes to your present address.',
    body: identity.MeChange,
    success: { 200: MyProfile, 202: MyProfile },
    problems: ['file-not-found', 'username-taken', 'email-taken', 'bad-credentials', 'too-many-requests'],
  },
  deleteMe: {
    ...routes.deleteMe,
    tag: 'People',
    summary: 'Delete your account',
    description: 'You leave every group. All your messages are deleted. Your email and username become free.',
    body: identity.Deletion,
    success: { 204: null },
    problems: ['bad-credentials'],
  },
  findUsers: {
    ...routes.findUsers,
    tag: 'People',
    summary: 'Find users by name, username or whole email',
    query: PeopleQuery,
    success: { 200: UserPage },
    problems: [],
  },
  getUser: {
    ...routes.getUser,
    tag: 'People',
    summary: 'Get a user',
    params: { user_id: userInPath },
    success: { 200: User },
    problems: ['user-not-found'],
  },
  sendMessageToUser: {
    ...routes.sendMessageToUser,
    tag: 'People',
    summary: 'Send a message to a user; creates the private chat if there is none',
    params: { user_id: userInPath },
    body: messages.NewMessage,
    success: { 201: messages.Message, 200: messages.Message },
    headers: replayed,
    problems: [
      'not-accepted',
      'user-not-found',
      'chat-with-self',
      'text-empty',
      'text-too-long',
      'refused',
      'key-reused',
      'too-many-requests',
    ],
  },
} as const satisfies Record<string, Endpoint>
