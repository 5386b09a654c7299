import { remove } from '../../domain/posting.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'

export const deleteMessage =
  ({ log, clock }: Pick<Ports, 'log' | 'clock'>): ChatApi['deleteMessage'] =>
  async (caller, { chatId, messageId }) => {
    const change = { deleterId: caller.userId, messageId, at: clock() }
    const message = await log.change({ chat: chatId, members: [caller.userId], messages: [messageId] }, (state) => remove(state, change))
    return { seq: message.changedSeq }
  }
