import { orderRoutes } from '../adapters/wire/routes/order.ts'
import type { MyChat } from '../adapters/wire/schemas/chats.ts'
import type { CallOptions } from './basic-types.ts'
import type { ChatClient } from './types.ts'

export * from './order/accounts.ts'
export * from './order/consent.ts'
export * from './order/factors.ts'
export * from './order/groups.ts'
export type * from './order/types.ts'

export interface MyChatChange {
  readonly pinned?: boolean | undefined
  readonly archived?: boolean | undefined
  readonly markedUnread?: boolean | undefined
}

/**
 * Changes the user's own state of a chat, on all of the user's devices; `chats` shows it when the service has told this one. Rejects
 * with `pins-full`.
 */
export async function updateMyChat(
  { call }: ChatClient,
  chatId: string,
  { pinned, archived, markedUnread }: MyChatChange,
  { signal }: CallOptions = {},
): Promise<void> {
  const body = { pinned, archived, marked_unread: markedUnread }
  await call<MyChat>(orderRoutes.updateMyChat, { params: { chat_id: chatId }, body, signal })
}
