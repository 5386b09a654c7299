import type { ChatApi } from '../chat-api.ts'
import { privateChat } from '../chats/private-chat.ts'
import { draftOf, type PostingNeeds, posted } from './posting.ts'

/** Opens the private chat with a user if there is none, then sends. Both steps are repeatable. */
export const sendMessageToUser =
  (needs: PostingNeeds): ChatApi['sendMessageToUser'] =>
  async (caller, { userId, ...content }) => {
    const draft = draftOf(needs, caller, content)
    const { chatId } = await privateChat(needs, caller, { userId, replyTo: draft.replyTo })
    return posted(needs, chatId, draft)
  }
