import { fittingMentions, keptText } from '../../domain/content.ts'
import type { ChatId, PairKey } from '../../domain/ids.ts'
import { type Draft, sentBefore } from '../../domain/posting.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Caller, Sent } from '../chat-api.ts'
import { inTime } from '../in-time.ts'
import type { AboutText, Interceptors } from '../ports/interceptors.ts'
import type { Ports } from '../ports/ports.ts'
import type { PostingNeeds } from './posting.ts'

export type AdmittingNeeds = PostingNeeds & Pick<Ports, 'interceptors' | 'later'>

interface Target {
  readonly about: AboutText['chat']
  /** The chat, or the pair whose chat it is. */
  readonly chat: ChatId | PairKey
  send(draft: Draft): Promise<Sent>
}

/**
 * Sends a draft with the text that the host makes of it. A key that was used before is answered with its message whatever the host says:
 * the digest of the draft is that of what the client sent.
 */
export function admitted(needs: AdmittingNeeds, caller: Caller, draft: Draft, to: Target): Promise<Sent> {
  const { beforeSend } = needs.interceptors ?? {}
  return beforeSend ? intercepted(needs, beforeSend, caller, draft, to) : to.send(draft)
}

type BeforeSend = NonNullable<Interceptors['beforeSend']>

async function intercepted(needs: AdmittingNeeds, beforeSend: BeforeSend, { userId }: Caller, draft: Draft, to: Target): Promise<Sent> {
  const text = textOf(draft)
  try {
    const kept = await inTime(needs, () => beforeSend({ text }, { caller: { userId }, chat: to.about, edit: false }))
    if (kept.text !== text) return await to.send(withText(draft, kept.text))
  } catch (thrown) {
    const earlier = await replay(needs, to.chat, draft)
    if (earlier) return earlier
    throw thrown
  }
  return to.send(draft)
}

const textOf = ({ text, source }: Draft): string => (source && !(source instanceof Refusal) ? (source.text ?? '') : text)

function withText(draft: Draft, given: string): Draft {
  const { source, attachments = [], mentions = [] } = draft
  if (source && !(source instanceof Refusal))
    return { ...draft, source: { ...source, text: keptText(given, source.content.attachments.length > 0) } }
  const text = keptText(given, attachments.length > 0)
  return { ...draft, text, mentions: fittingMentions(mentions, text) }
}

/** The message that was sent under the draft's key, if there is one. Refuses if the key was used for other content. */
async function replay({ log, chats }: AdmittingNeeds, chat: ChatId | PairKey, draft: Draft): Promise<Sent | undefined> {
  const { senderId, clientMessageId } = draft
  const message = await log.change({ chat, earlier: [[senderId, clientMessageId]] }, (state) => sentBefore(state, draft))
  const now = message && (await chats.message(senderId, message.chatId, message.id))
  return now?.message && { view: now.message, replayed: true }
}
