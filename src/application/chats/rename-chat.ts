import { alter } from '../../domain/altering.ts'
import { checkedData } from '../../domain/content.ts'
import { checkedDescription, checkedName } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { viewOf } from './seen.ts'

export const renameChat =
  (ports: Pick<Ports, 'log' | 'chats' | 'clock'>): ChatApi['renameChat'] =>
  async (caller, { chatId, name, description, avatar, rules, data }) => {
    const change = {
      editorId: caller.userId,
      name: name === undefined ? undefined : checkedName(name),
      description: description === undefined ? undefined : checkedDescription(description),
      avatar,
      rules,
      data: data && checkedData(data),
      at: ports.clock(),
    }
    await ports.log.change({ chat: chatId, members: [caller.userId], files: avatar ? [avatar] : [] }, (state) => alter(state, change))
    return viewOf(ports, caller, chatId)
  }
