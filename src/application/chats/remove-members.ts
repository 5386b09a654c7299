import { dismiss } from '../../domain/group.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { distinct } from './distinct.ts'
import { viewOf } from './seen.ts'
import { changed, type OwnNeeds } from './update-my-chat.ts'

/** Removes others, or lets the caller leave. Leaving a private chat hides it from the caller's list until its next message. */
export const removeMembers =
  (needs: Pick<Ports, 'log' | 'chats' | 'consents'> & OwnNeeds): ChatApi['removeMembers'] =>
  async (caller, { chatId, userIds, stayOut = false }) => {
    const { log, consents, clock } = needs
    const leavers = distinct(...userIds)
    const isCallerAlone = leavers.length === 1 && leavers[0] === caller.userId
    if (isCallerAlone && (await viewOf(needs, caller, chatId)).chat.kind === 'private') {
      await changed(needs, caller, chatId, { hide: true })
      return leavers
    }
    const change = { removerId: caller.userId, userIds: leavers, at: clock() }
    // Noted first: whoever adds the caller once the caller has left sees it.
    if (isCallerAlone) await consents.stayOut(caller.userId, chatId, stayOut ? change.at : undefined)
    const scope = { chat: chatId, members: distinct(caller.userId, ...leavers) }
    const leaving = log.change(scope, (state) => dismiss(state, change))
    return leaving.catch(async (refused: unknown) => {
      if (isCallerAlone && stayOut) await consents.stayOut(caller.userId, chatId, undefined)
      throw refused
    })
  }
