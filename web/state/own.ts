import i18next from 'i18next'
import type { ChatClient, ChatItem } from '../../src/client/index.ts'
import { type MyChatChange, updateMyChat } from '../../src/client/order.ts'
import { tell } from './notices.ts'
import { errorText } from './problem-text.ts'

/** Changes the user's own state of a chat, on all devices; a refusal is told. Resolves with whether it was done. */
export async function changeOwn(client: ChatClient, { id }: ChatItem, change: MyChatChange): Promise<boolean> {
  try {
    await updateMyChat(client, id, change)
    return true
  } catch (error) {
    tell(errorText(error), { isFault: true })
    return false
  }
}

/** Into the archive or out of it, on all devices; the toast takes it back. */
export async function toggleArchived(client: ChatClient, item: ChatItem): Promise<void> {
  const { isArchived } = item
  const back = () => void changeOwn(client, item, { archived: isArchived })
  if (await changeOwn(client, item, { archived: !isArchived }))
    tell(i18next.t(isArchived ? 'nav.unarchived' : 'nav.archived'), { undo: back })
}

/** Read, or marked as unread. */
export function toggleRead(client: ChatClient, item: ChatItem): void {
  if (item.unread > 0) client.chat(item.id).markRead()
  else void changeOwn(client, item, { markedUnread: !item.isMarkedUnread })
}
