import { checkedAttachments, checkedData, checkedMentions, keptText, type NewContent } from '../../domain/content.ts'
import type { ChatId } from '../../domain/ids.ts'
import { type Edit, edit, editedBefore } from '../../domain/posting.ts'
import { NO_REACTIONS } from '../../domain/reaction.ts'
import { isBlank } from '../../domain/words.ts'
import type { Caller, ChatApi } from '../chat-api.ts'
import { seen } from '../chats/seen.ts'
import { inTime } from '../in-time.ts'
import type { Ports } from '../ports/ports.ts'
import { mentioned } from './posting.ts'

type Needs = Pick<Ports, 'log' | 'chats' | 'clock' | 'digest' | 'interceptors' | 'later'>

export const editMessage =
  (needs: Needs): ChatApi['editMessage'] =>
  async (caller, { chatId, messageId, version, ...given }) => {
    const { chats, clock } = needs
    const change: Edit = { ...checkedChange(given), editorId: caller.userId, messageId, version, at: clock() }
    const message = await admitted(needs, caller, { chatId, change })
    const now = seen(await chats.message(caller.userId, chatId, messageId), chatId)
    return { isRead: false, reactions: NO_REACTIONS, ...now.message, message }
  }

/**
 * Commits an edit with the text that the host makes of it. The text that the message has, or had from the client with its last edit, changes
 * nothing, whatever the host says.
 */
async function admitted(needs: Needs, { userId }: Caller, { chatId, change }: { readonly chatId: ChatId; readonly change: Edit }) {
  const { log, interceptors, digest } = needs
  const others = mentioned(change.mentions ?? []).filter((id) => id !== userId)
  const files = (change.attachments ?? []).map(({ fileId }) => fileId)
  const scope = { chat: chatId, members: [userId, ...others], messages: [change.messageId], files }
  const { text } = change
  const beforeSend = interceptors?.beforeSend
  if (text === undefined || !beforeSend) return log.change(scope, (state) => edit(state, change))
  const asked = { text, hash: digest(`${change.messageId}\0${text}`) }
  let admittedText: string
  try {
    admittedText = (await inTime(needs, () => beforeSend({ text }, { caller: { userId }, chat: { id: chatId }, edit: true }))).text
  } catch (thrown) {
    const earlier = await log.change(scope, (state) => editedBefore(state, { ...change, asked }))
    if (earlier) return earlier
    throw thrown
  }
  return log.change(scope, (state) => edit(state, { ...change, text: admittedText, asked }))
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
