import { pairKey } from '../../domain/ids.ts'
import { refusedOutright } from '../../domain/posting.ts'
import type { ChatApi } from '../chat-api.ts'
import { privateChat } from '../chats/private-chat.ts'
import { type AdmittingNeeds, admitted } from './admitting.ts'
import { draftOf, posted, sourceOf } from './posting.ts'

/** Opens the private chat with a user if there is none, then sends. Both steps are repeatable. */
export const sendMessageToUser =
  (needs: AdmittingNeeds): ChatApi['sendMessageToUser'] =>
  async (caller, message) => {
    const { userId } = message
    const source = message.forward && (await sourceOf(needs, caller, message.forward))
    const draft = draftOf(needs, caller, message, source)
    return admitted(needs, caller, draft, {
      about: { partnerId: userId },
      chat: pairKey(caller.userId, userId),
      async send(kept) {
        const { chatId } = await privateChat(needs, caller, { userId, isToWrite: true, unless: refusedOutright(kept) })
        return posted(needs, chatId, kept)
      },
    })
  }
