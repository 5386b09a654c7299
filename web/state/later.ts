import i18next from 'i18next'
import type { Chat } from '../../src/client/index.ts'
import { deleteAtLast } from './keepalive.ts'
import { defer, tell } from './notices.ts'
import { errorText } from './problem-text.ts'
import { closeChat, openChatId } from './route.ts'

const failed = (error: unknown) => tell(errorText(error), { isFault: true })

/** The message is shown as deleted at once, and deleted when the toast ends. */
export const deleteMessage = (chat: Chat, messageId: string): void =>
  defer({
    of: messageId,
    text: i18next.t('message.deleted'),
    run: () => chat.remove(messageId),
    runAtLast: () => deleteAtLast(`/chats/${chat.id}/messages/${messageId}`),
    failed,
  })

/** The chat leaves the list at once, and is hidden on all devices when the toast ends. */
export function hideChat(chat: Chat): void {
  if (openChatId() === chat.id) closeChat()
  defer({
    of: chat.id,
    text: i18next.t('chat.gone_hidden'),
    run: () => chat.leave(),
    runAtLast: () => deleteAtLast(`/chats/${chat.id}/members/me`),
    failed,
  })
}
