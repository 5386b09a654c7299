import type { ChatId, UserId } from '../../domain/ids.ts'
import type { Caller } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { isBackEnd } from '../scopes.ts'

/**
 * Through whose eyes a caller reads a chat: a back end that may read any chat sees what its first member
 * sees. What is that member's own is left out where it is presented.
 */
export async function viewerIn({ chats }: Pick<Ports, 'chats'>, caller: Caller, chatId: ChatId): Promise<UserId> {
  if (!isBackEnd(caller)) return caller.userId
  const [first] = await chats.readMarks(chatId, 1)
  return first?.userId ?? caller.userId
}
