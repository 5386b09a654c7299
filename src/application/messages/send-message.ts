import type { ChatApi } from '../chat-api.ts'
import { draftOf, type PostingNeeds, posted } from './posting.ts'

export const sendMessage =
  (needs: PostingNeeds): ChatApi['sendMessage'] =>
  async (caller, { chatId, ...content }) =>
    posted(needs, chatId, draftOf(needs, caller, content))
