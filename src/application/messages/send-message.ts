import type { ChatApi } from '../chat-api.ts'
import { type AdmittingNeeds, admitted } from './admitting.ts'
import { draftOf, posted } from './posting.ts'

export const sendMessage =
  (needs: AdmittingNeeds): ChatApi['sendMessage'] =>
  async (caller, { chatId, ...message }) => {
    const draft = await draftOf(needs, caller, message)
    return admitted(needs, caller, draft, { about: { id: chatId }, chat: chatId, send: (kept) => posted(needs, chatId, kept) })
  }
