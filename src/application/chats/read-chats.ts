import type { ChatId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { fold } from '../../domain/words.ts'
import type { Caller, ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import type { ChatView } from '../ports/views.ts'

type Reads = Pick<Ports, 'chats'>

/** What a non-member gets looks as if there were no chat. */
export function seen<T>(found: T | undefined, chatId: ChatId): T {
  if (found === undefined) throw new Refusal('chat-not-found', { chatId })
  return found
}

export const folded = (query: string | undefined): string | undefined => (query === undefined ? undefined : fold(query))

export const viewOf = async ({ chats }: Reads, caller: Caller, chatId: ChatId): Promise<ChatView> =>
  seen(await chats.get(caller.userId, chatId), chatId)

export const listChats =
  ({ chats }: Reads): ChatApi['listChats'] =>
  (caller, { query, kind }, window) =>
    chats.list(caller.userId, { query: folded(query), kind }, window)

export const getChat =
  (ports: Reads): ChatApi['getChat'] =>
  (caller, chatId) =>
    viewOf(ports, caller, chatId)

export const listMembers =
  ({ chats }: Reads): ChatApi['listMembers'] =>
  async (caller, chatId, window) =>
    seen(await chats.members(caller.userId, chatId, window), chatId)
