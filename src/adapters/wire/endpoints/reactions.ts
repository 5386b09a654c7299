import { routes } from '../routes.ts'
import * as reactions from '../schemas/reactions.ts'
import { type Endpoint, inChat, inMessage } from './endpoint.ts'

const pinning = ['chat-not-found', 'message-not-found', 'not-allowed', 'message-deleted'] as const

export const reactionsEndpoints = {
  addReaction: {
    ...routes.addReaction,
    tag: 'Messages',
    summary: 'React to a message; again, nothing changes',
    params: reactions.inReaction,
    success: { 200: reactions.Reacted },
    problems: [
      'not-accepted',
      'not-an-emoji',
      'chat-not-found',
      'message-not-found',
      'message-deleted',
      'reactions-full',
      'too-many-requests',
    ],
  },
  removeReaction: {
    ...routes.removeReaction,
    tag: 'Messages',
    summary: 'Remove your reaction to a message; again, nothing changes',
    params: reactions.inReaction,
    query: reactions.RemovalQuery,
    success: { 204: null },
    problems: ['not-an-emoji', 'chat-not-found', 'message-not-found', 'not-allowed', 'message-deleted', 'too-many-requests'],
  },
  listReactions: {
    ...routes.listReactions,
    tag: 'Messages',
    summary: 'List who has reacted to a message, oldest first',
    params: inMessage,
    query: reactions.ReactionsQuery,
    success: { 200: reactions.ReactorPage },
    problems: ['not-an-emoji', 'chat-not-found', 'message-not-found'],
  },
  pinMessage: {
    ...routes.pinMessage,
    tag: 'Messages',
    summary: 'Pin a message; again, nothing changes',
    description: 'In groups for the owner and admins, in private chats for both. Deleting the message unpins it.',
    params: inMessage,
    success: { 204: null },
    problems: ['not-accepted', ...pinning, 'pins-full', 'too-many-requests'],
  },
  unpinMessage: {
    ...routes.unpinMessage,
    tag: 'Messages',
    summary: 'Unpin a message; again, nothing changes',
    params: inMessage,
    success: { 204: null },
    problems: ['not-accepted', ...pinning, 'too-many-requests'],
  },
  listPins: {
    ...routes.listPins,
    tag: 'Messages',
    summary: 'List the pinned messages of a chat, newest pin first',
    params: inChat,
    success: { 200: reactions.PinList },
    problems: ['chat-not-found'],
  },
} as const satisfies Record<string, Endpoint>
