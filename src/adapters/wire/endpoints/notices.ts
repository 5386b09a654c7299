import { noticesRoutes } from '../routes/notices.ts'
import { programRoutes as routes } from '../routes/programs.ts'
import { chatInPath, PageQuery, userInPath } from '../schemas/common.ts'
import * as inlets from '../schemas/inlets.ts'
import * as notices from '../schemas/notices.ts'
import { type Endpoint, inChat } from './endpoint.ts'

const inDevice = { device_id: notices.deviceInPath }

export const noticesEndpoints = {
  getNotices: {
    ...noticesRoutes.getNotices,
    tag: 'Notifications',
    summary: 'Get your notification settings of a chat',
    params: inChat,
    success: { 200: notices.ChatNotices },
    problems: ['chat-not-found'],
  },
  setNotices: {
    ...noticesRoutes.setNotices,
    tag: 'Notifications',
    summary: 'Set of what in a chat you are notified, or mute it',
    params: inChat,
    body: notices.ChatNoticesChange,
    success: { 200: notices.ChatNotices },
    problems: ['chat-not-found'],
  },
  getPushKey: {
    ...noticesRoutes.getPushKey,
    tag: 'Notifications',
    summary: 'Get the key for subscriptions to Web Push',
    success: { 200: notices.PushKey },
    problems: [],
  },
  keepPushDevice: {
    ...noticesRoutes.keepPushDevice,
    tag: 'Notifications',
    summary: 'Send notifications to this device; it ends with the session',
    params: inDevice,
    body: notices.NewPushDevice,
    success: { 204: null },
    problems: [],
  },
  dropPushDevice: {
    ...noticesRoutes.dropPushDevice,
    tag: 'Notifications',
    summary: 'Send no more notifications to this device',
    params: inDevice,
    success: { 204: null },
    problems: [],
  },
  unsubscribe: {
    ...noticesRoutes.unsubscribe,
    tag: 'Notifications',
    summary: 'Unsubscribe from mails about missed messages, by the address in one of them',
    description: 'With one click: RFC 8058. A body is not looked at.',
    open: true,
    raw: 'unread',
    params: { user_id: userInPath, secret: notices.unsubscribeSecretInPath },
    success: { 200: notices.Unsubscribed },
    problems: ['not-found', 'too-many-requests'],
  },
  createInlet: {
    ...routes.createInlet,
    tag: 'Webhooks',
    summary: 'Create an address at which programs post to a group',
    params: inChat,
    body: inlets.NewInlet,
    success: { 201: inlets.InletWithUrl },
    problems: ['chat-not-found', 'not-a-group', 'not-allowed', 'inlets-full'],
  },
  listInlets: {
    ...routes.listInlets,
    tag: 'Webhooks',
    summary: 'List the inlets of a group, oldest first',
    params: inChat,
    query: PageQuery,
    success: { 200: inlets.InletPage },
    problems: ['chat-not-found', 'not-a-group', 'not-allowed'],
  },
  deleteInlet: {
    ...routes.deleteInlet,
    tag: 'Webhooks',
    summary: 'Delete an inlet; its messages stay',
    params: { chat_id: chatInPath, inlet_id: inlets.inletInPath },
    success: { 204: null },
    problems: ['chat-not-found', 'not-a-group', 'not-allowed', 'not-found'],
  },
  postToInlet: {
    ...routes.postToInlet,
    tag: 'Webhooks',
    summary: 'Post a text to the chat of an inlet',
    description:
      'For programs that send to Slack: JSON, or a form with a field `payload`. A request with the same `Idempotency-Key` or `X-GitHub-Delivery` gets the same message. 60 a minute.',
    open: true,
    takesForms: true,
    params: { inlet_id: inlets.inletInPath, secret: inlets.secretInPath },
    body: inlets.InletMessage,
    success: { 200: inlets.InletPosted },
    problems: ['not-found', 'text-empty', 'text-too-long', 'key-reused', 'too-many-requests'],
  },
} as const satisfies Record<string, Endpoint>
