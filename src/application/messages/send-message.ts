import type { ChatApi } from '../chat-api.ts'
import { draftOf, type PostingNeeds, posted } from './posting.ts'

export const sendMessage =
  (needs: PostingNeeds): ChatApi['sendMessage'] =>
  async (caller, { chatId, ...message }) =>
    posted(needs, chatId, await draftOf(needs, caller, message))
