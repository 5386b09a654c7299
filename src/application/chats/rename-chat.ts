import { rename } from '../../domain/group.ts'
import { checkedName } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { viewOf } from './seen.ts'

export const renameChat =
  (ports: Pick<Ports, 'log' | 'chats' | 'clock'>): ChatApi['renameChat'] =>
  async (caller, { chatId, name }) => {
    const change = { renamerId: caller.userId, name: checkedName(name), at: ports.clock() }
    await ports.log.change({ chat: chatId, members: [caller.userId] }, (state) => rename(state, change))
    return viewOf(ports, caller, chatId)
  }
