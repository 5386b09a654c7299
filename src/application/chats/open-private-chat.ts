import { checkedData } from '../../domain/content.ts'
import type { ChatApi } from '../chat-api.ts'
import { inTime } from '../in-time.ts'
import type { Ports } from '../ports/ports.ts'
import { privateChat } from './private-chat.ts'
import { viewOf } from './seen.ts'

export const openPrivateChat =
  (ports: Pick<Ports, 'log' | 'clock' | 'newId' | 'chats' | 'interceptors' | 'later'>): ChatApi['openPrivateChat'] =>
  async (caller, { userId, data }) => {
    const { beforeCreateChat } = ports.interceptors ?? {}
    const about = { caller: { userId: caller.userId } }
    if (beforeCreateChat) await inTime(ports, () => beforeCreateChat({ kind: 'private', memberIds: [userId] }, about))
    const { chatId, isNew } = await privateChat(ports, caller, { userId, data: data && checkedData(data) })
    return { view: await viewOf(ports, caller, chatId), isNew }
  }
