import { checkedAttachments, checkedData, checkedMentions, keptText, type NewContent } from '../../domain/content.ts'
import { type Edit, edit } from '../../domain/posting.ts'
import { NO_REACTIONS } from '../../domain/reaction.ts'
import { isBlank } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import { seen } from '../chats/seen.ts'
import type { Ports } from '../ports/ports.ts'
import { admittedEdit } from './admitting.ts'
import { mentioned } from './posting.ts'

export const editMessage =
  (needs: Pick<Ports, 'log' | 'chats' | 'clock' | 'interceptors' | 'later'>): ChatApi['editMessage'] =>
  async (caller, { chatId, messageId, version, ...given }) => {
    const { log, chats, clock } = needs
    const { text } = given
    const content = text === undefined ? given : { ...given, text: await admittedEdit(needs, caller, { chatId, text }) }
    const change: Edit = { ...checkedChange(content), editorId: caller.userId, messageId, version, at: clock() }
    const others = mentioned(change.mentions ?? []).filter((id) => id !== caller.userId)
    const files = (change.attachments ?? []).map(({ fileId }) => fileId)
    const scope = { chat: chatId, members: [caller.userId, ...others], messages: [messageId], files }
    const message = await log.change(scope, (state) => edit(state, change))
    const now = seen(await chats.message(caller.userId, chatId, messageId), chatId)
    return { isRead: false, reactions: NO_REACTIONS, ...now.message, message }
  }

/** Checks what can be checked without the message: a text may be blank if the message has attachments. */
function checkedChange({
  text,
  format,
  mentions,
  attachments,
  data,
}: Omit<NewContent, 'kind'>): Omit<Edit, 'editorId' | 'messageId' | 'at'> {
  const files = attachments && checkedAttachments(attachments)
  const isLeftOpen = text !== undefined && isBlank(text) && !files
  const kept = text === undefined || isLeftOpen ? text : keptText(text, (files?.length ?? 0) > 0)
  return {
    text: kept,
    format,
    mentions: mentions && kept !== undefined ? checkedMentions(mentions, kept) : mentions,
    attachments: files,
    data: data && checkedData(data),
  }
}
