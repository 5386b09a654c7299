import { nothing } from '../../domain/decision.ts'
import { takeDown } from '../../domain/group.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { deedOf, requireStaff } from './staff.ts'

/** What staff sees of a chat: no texts and no members. */
export const inspectChat =
  (needs: Ports): ChatApi['inspectChat'] =>
  async (caller, chatId) => {
    await requireStaff(needs, caller)
    const chat = await needs.log.change({ chat: chatId }, (state) => nothing(state.chat))
    if (!chat) throw new Refusal('chat-not-found', { chatId })
    return chat
  }

/** Deletes any chat with its log. */
export const removeChat =
  (needs: Ports): ChatApi['removeChat'] =>
  async (caller, chatId) => {
    await requireStaff(needs, caller)
    const deed = deedOf(needs, caller, 'chat.deleted', { chatId })
    await needs.log.change({ chat: chatId }, (state) => ({ ...takeDown(state, { chatId, staffId: caller.userId, at: deed.at }), deed }))
  }

export const listDeeds =
  (needs: Ports): ChatApi['listDeeds'] =>
  async (caller, filter, window) => {
    await requireStaff(needs, caller)
    return needs.audit.list(filter, window)
  }
