import { routes } from '../routes.ts'
import { PageQuery } from '../schemas/common.ts'
import { EventPage } from '../schemas/events.ts'
import * as messages from '../schemas/messages.ts'
import { type Endpoint, inChat, inMessage, linked, replayed } from './endpoint.ts'

/** The problem codes of sending to a chat. */
export const sending = [
  'chat-not-found',
  'message-not-found',
  'file-not-found',
  'not-allowed',
  'message-deleted',
  'text-empty',
  'text-too-long',
  'key-reused',
  'too-many-requests',
] as const

export const messagesEndpoints = {
  sendMessage: {
    ...routes.sendMessage,
    tag: 'Messages',
    summary: 'Send a message, or get the one stored under this key',
    description: 'The same `client_message_id` always gets the same message, with 200 and `Idempotency-Replayed: true`.',
    params: inChat,
    body: messages.NewMessage,
    success: { 201: messages.Message, 200: messages.Message },
    headers: replayed,
    problems: sending,
  },
  listMessages: {
    ...routes.listMessages,
    tag: 'Messages',
    summary: 'List messages of a chat; without a position, the newest page',
    description:
      'One of `before`, `after`, `around`, `offset` and `cursor` selects another page. Items ascend by `seq` unless `order=desc`.',
    params: inChat,
    query: messages.MessagesQuery,
    success: { 200: messages.MessagePage },
    headers: linked,
    problems: ['chat-not-found'],
  },
  searchMessages: {
    ...routes.searchMessages,
    tag: 'Messages',
    summary: 'Search your messages, newest first',
    query: messages.SearchQuery,
    success: { 200: messages.MessagePage },
    headers: linked,
    problems: [],
  },
  getMessage: {
    ...routes.getMessage,
    tag: 'Messages',
    summary: 'Get a message',
    params: inMessage,
    success: { 200: messages.Message },
    problems: ['chat-not-found', 'message-not-found'],
  },
  editMessage: {
    ...routes.editMessage,
    tag: 'Messages',
    summary: 'Edit your message',
    params: inMessage,
    body: messages.MessageChange,
    success: { 200: messages.Message },
    problems: [
      'chat-not-found',
      'message-not-found',
      'file-not-found',
      'not-allowed',
      'text-empty',
      'text-too-long',
      'message-deleted',
      'version-conflict',
    ],
  },
  deleteMessage: {
    ...routes.deleteMessage,
    tag: 'Messages',
    summary: 'Delete a message; its place stays',
    params: inMessage,
    success: { 204: null },
    problems: ['chat-not-found', 'message-not-found', 'not-allowed'],
  },
  markRead: {
    ...routes.markRead,
    tag: 'Messages',
    summary: 'Mark as read up to a message or `seq`',
    params: inChat,
    body: messages.ReadMark,
    success: { 200: messages.Reading },
    problems: ['chat-not-found', 'message-not-found'],
  },
  markMessageRead: {
    ...routes.markMessageRead,
    tag: 'Messages',
    summary: 'Mark as read up to this message',
    params: inMessage,
    success: { 200: messages.Reading },
    problems: ['chat-not-found', 'message-not-found'],
  },
  listReaders: {
    ...routes.listReaders,
    tag: 'Messages',
    summary: 'List who has read a message, and when',
    params: inMessage,
    query: PageQuery,
    success: { 200: messages.ReaderPage },
    problems: ['chat-not-found', 'message-not-found'],
  },
  listEvents: {
    ...routes.listEvents,
    tag: 'Messages',
    summary: 'List the events of a chat, ascending, without holes',
    params: inChat,
    query: messages.EventsQuery,
    success: { 200: EventPage },
    headers: linked,
    problems: ['chat-not-found'],
  },
} as const satisfies Record<string, Endpoint>
