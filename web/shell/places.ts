import type { ChatClient, ChatItem, Message } from '../../src/client/index.ts'
import { wantedPlace } from '../state/place.ts'
import { openChat } from '../state/route.ts'

/** The chats that messages were found in; those that the list has not come to are asked for. */
export async function placesOf(
  messages: readonly Message[],
  { chat, chats }: ChatClient,
  signal: AbortSignal,
): Promise<Map<string, ChatItem>> {
  const ids = [...new Set(messages.map(({ chatId }) => chatId))]
  const itemOf = async (id: string) => chat(id).item.get() ?? chats.load(id, { signal }).catch(() => undefined)
  const items = await Promise.all(ids.map(itemOf))
  return new Map(items.flatMap((item) => (item ? [[item.id, item] as const] : [])))
}

/** Opens the chat of a message at that message. */
export function showMessage({ chatId, seq }: Pick<Message, 'chatId' | 'seq'>): void {
  wantedPlace.set({ chatId, seq })
  openChat(chatId)
}
