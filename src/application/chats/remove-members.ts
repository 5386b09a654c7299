import { dismiss } from '../../domain/group.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { distinct } from './distinct.ts'
import { viewOf } from './seen.ts'

/** Removes others, or lets the caller leave. Leaving a private chat hides it from the caller's list until its next message. */
export const removeMembers =
  ({ log, chats, receipts, clock }: Pick<Ports, 'log' | 'chats' | 'receipts' | 'clock'>): ChatApi['removeMembers'] =>
  async (caller, { chatId, userIds }) => {
    const leavers = distinct(...userIds)
    const isCallerAlone = leavers.length === 1 && leavers[0] === caller.userId
    if (isCallerAlone && (await viewOf({ chats }, caller, chatId)).chat.kind === 'private') {
      await receipts.hide(chatId, caller.userId)
      return leavers
    }
    const change = { removerId: caller.userId, userIds: leavers, at: clock() }
    return log.change({ chat: chatId, members: distinct(caller.userId, ...leavers) }, (state) => dismiss(state, change))
  }
