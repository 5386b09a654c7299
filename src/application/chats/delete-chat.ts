import { disband } from '../../domain/group.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'

export const deleteChat =
  ({ log, clock }: Pick<Ports, 'log' | 'clock'>): ChatApi['deleteChat'] =>
  async (caller, chatId) => {
    const change = { ownerId: caller.userId, at: clock() }
    await log.change({ chat: chatId, members: [caller.userId] }, (state) => disband(state, change))
  }
