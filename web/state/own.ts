import type { ChatClient, ChatItem } from '../../src/client/index.ts'
import { type MyChatChange, updateMyChat } from '../../src/client/order.ts'
import { tell } from './notices.ts'
import { errorText } from './problem-text.ts'

/** Changes the user's own state of a chat, on all devices; a refusal is told. */
export async function changeOwn(client: ChatClient, { id }: ChatItem, change: MyChatChange): Promise<void> {
  try {
    await updateMyChat(client, id, change)
  } catch (error) {
    tell(errorText(error), { isFault: true })
  }
}

/** Read, or marked as unread. */
export function toggleRead(client: ChatClient, item: ChatItem): void {
  if (item.unread > 0) client.chat(item.id).markRead()
  else void changeOwn(client, item, { markedUnread: !item.isMarkedUnread })
}
