import { routes } from '../routes.ts'
import { userInPath } from '../schemas/common.ts'
import * as identity from '../schemas/identity.ts'
import * as messages from '../schemas/messages.ts'
import { Me, PeopleQuery, User, UserPage } from '../schemas/people.ts'
import { type Endpoint, replayed } from './endpoint.ts'

export const peopleEndpoints = {
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
} as const satisfies Record<string, Endpoint>
