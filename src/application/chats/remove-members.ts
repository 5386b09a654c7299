import { dismiss } from '../../domain/group.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { distinct } from './distinct.ts'
import { viewOf } from './seen.ts'
import { changed, type OwnNeeds } from './update-my-chat.ts'

/** Removes others, or lets the caller leave. Leaving a private chat hides it from the caller's list until its next message. */
export const removeMembers =
  (needs: Pick<Ports, 'log' | 'chats'> & OwnNeeds): ChatApi['removeMembers'] =>
  async (caller, { chatId, userIds }) => {
    const { log, clock } = needs
    const leavers = distinct(...userIds)
    const isCallerAlone = leavers.length === 1 && leavers[0] === caller.userId
    if (isCallerAlone && (await viewOf(needs, caller, chatId)).chat.kind === 'private') {
      await changed(needs, caller, chatId, { hide: true })
      return leavers
    }
    const change = { removerId: caller.userId, userIds: leavers, at: clock() }
    return log.change({ chat: chatId, members: distinct(caller.userId, ...leavers) }, (state) => dismiss(state, change))
  }
