import type { ChatApi } from '../chat-api.ts'
import { type AdmittingNeeds, admitted } from './admitting.ts'
import { draftOf, posted, sourceOf } from './posting.ts'

export const sendMessage =
  (needs: AdmittingNeeds): ChatApi['sendMessage'] =>
  async (caller, message) => {
    const { chatId } = message
    const source = message.forward && (await sourceOf(needs, caller, message.forward))
    const draft = draftOf(needs, caller, message, source)
    return admitted(needs, caller, draft, { about: { id: chatId }, chat: chatId, send: (kept) => posted(needs, chatId, kept) })
  }
