import { orderRoutes as routes } from '../routes/order.ts'
import * as chats from '../schemas/chats.ts'
import { type Endpoint, inChat } from './endpoint.ts'

export const orderEndpoints = {
  updateMyChat: {
    ...routes.updateMyChat,
    tag: 'Chats',
    summary: 'Pin, archive or mark as unread: your own state of a chat',
    description: 'Only you see it, on all your devices. An archived chat comes back with its next message; reading ends `marked_unread`.',
    params: inChat,
    body: chats.MyChatChange,
    success: { 200: chats.MyChat },
    problems: ['chat-not-found', 'pins-full'],
  },
} as const satisfies Record<keyof typeof routes, Endpoint>
