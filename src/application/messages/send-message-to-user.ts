import { refusedOutright } from '../../domain/posting.ts'
import type { ChatApi } from '../chat-api.ts'
import { privateChat } from '../chats/private-chat.ts'
import { draftOf, type PostingNeeds, posted } from './posting.ts'

/** Opens the private chat with a user if there is none, then sends. Both steps are repeatable. */
export const sendMessageToUser =
  (needs: PostingNeeds): ChatApi['sendMessageToUser'] =>
  async (caller, { userId, ...message }) => {
    const draft = await draftOf(needs, caller, message)
    const { chatId } = await privateChat(needs, caller, { userId, unless: refusedOutright(draft) })
    return posted(needs, chatId, draft)
  }
