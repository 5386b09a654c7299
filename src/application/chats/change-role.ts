import { giveRole } from '../../domain/group.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { distinct } from './distinct.ts'
import { seen } from './seen.ts'

export const changeRole =
  ({ log, chats, clock }: Pick<Ports, 'log' | 'chats' | 'clock'>): ChatApi['changeRole'] =>
  async (caller, { chatId, userId, role }) => {
    const change = { giverId: caller.userId, userId, role, at: clock() }
    await log.change({ chat: chatId, members: distinct(caller.userId, userId) }, (state) => giveRole(state, change))
    const [member] = seen(await chats.membersOf(caller.userId, chatId, [userId]), chatId)
    if (!member) throw new Refusal('user-not-found', { userIds: [userId] })
    return member
  }
