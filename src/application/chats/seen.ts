import type { ChatId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { fold } from '../../domain/words.ts'
import type { Caller } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import type { ChatView } from '../ports/views.ts'

/** What a member sees. To everybody else the chat does not exist. */
export function seen<T>(found: T | undefined, chatId: ChatId): T {
  if (found === undefined) throw new Refusal('chat-not-found', { chatId })
  return found
}

export const viewOf = async ({ chats }: Pick<Ports, 'chats'>, caller: Caller, chatId: ChatId): Promise<ChatView> =>
  seen(await chats.get(caller.userId, chatId), chatId)

export const folded = (query: string | undefined): string | undefined => (query === undefined ? undefined : fold(query))
