import { checkedData } from '../../domain/content.ts'
import type { ChatId, UserId } from '../../domain/ids.ts'
import type { Caller, ChatApi } from '../chat-api.ts'
import { inTime } from '../in-time.ts'
import type { Ports } from '../ports/ports.ts'
import { privateChat } from './private-chat.ts'
import { viewOf } from './seen.ts'

export interface OpeningNeeds extends Pick<Ports, 'log' | 'clock' | 'newId' | 'chats' | 'own' | 'interceptors' | 'later'> {
  /** A chat appears to a user who is a member of it already: the user's devices are to follow it. */
  readonly appeared: (userId: UserId, chatId: ChatId) => void
}

export const openPrivateChat =
  (ports: OpeningNeeds): ChatApi['openPrivateChat'] =>
  async (caller, { userId, data }) => {
    const { beforeCreateChat } = ports.interceptors ?? {}
    const about = { caller: { userId: caller.userId } }
    if (beforeCreateChat) await inTime(ports, () => beforeCreateChat({ kind: 'private', memberIds: [userId] }, about))
    const { chatId, isNew } = await privateChat(ports, caller, { userId, data: data && checkedData(data) })
    const view = await viewOf(ports, caller, chatId)
    const isShown = !isNew && view.me.isHidden && view.lastMessage === undefined && (await show(ports, caller, chatId))
    return { view: isShown ? await viewOf(ports, caller, chatId) : view, isNew }
  }

/** Who opens the chat as well need not wait for its first message. */
async function show({ own, clock, appeared }: OpeningNeeds, { userId }: Caller, chatId: ChatId): Promise<boolean> {
  const isShown = await own.show({ chatId, userId, at: clock() })
  if (isShown) appeared(userId, chatId)
  return isShown
}
