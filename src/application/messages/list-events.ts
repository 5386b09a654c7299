import type { ChatApi } from '../chat-api.ts'
import { seen } from '../chats/seen.ts'
import { viewerIn } from '../chats/viewer.ts'
import type { Ports } from '../ports/ports.ts'

export const listEvents =
  ({ chats, log }: Pick<Ports, 'chats' | 'log'>): ChatApi['listEvents'] =>
  async (caller, { chatId, after, limit }) => {
    const { headSeq } = seen(await chats.standing(await viewerIn({ chats }, caller, chatId), chatId), chatId)
    const events = await log.read(chatId, after, limit)
    return { events, head: Math.max(headSeq, events.at(-1)?.seq ?? 0) }
  }
