import type { Chat } from './chat.ts'
import { type ChatState, type Decision, happened, look, nothing, timeIn } from './decision.ts'
import type { Deed } from './deed.ts'
import type { Happening } from './event.ts'
import { type Count, type Duration, type Instant, type MessageId, SYSTEM_ID } from './ids.ts'

/** Returns the time before which a chat keeps no texts: by its own rule or that for all chats, whichever is stricter. */
export function keptSince({ rules }: Pick<Chat, 'rules'>, keepMs: Duration | undefined, now: Instant): Instant | undefined {
  const own = rules.keepS > 0 ? rules.keepS * 1_000 : Number.POSITIVE_INFINITY
  const keep = Math.min(own, keepMs ?? Number.POSITIVE_INFINITY)
  return Number.isFinite(keep) ? now - keep : undefined
}

export interface Expiry {
  /** Named in the scope. */
  readonly messageIds: readonly MessageId[]
  /** How long the service keeps texts; undefined: for as long as the chat does. */
  readonly keepMs: Duration | undefined
  readonly deed: Pick<Deed, 'id'>
  readonly at: Instant
}

/** Deletes the texts of those messages that are too old. Each keeps its place and its key. Returns how many were deleted. */
export function expire(state: ChatState, { messageIds, keepMs, deed, at }: Expiry): Decision<Count> {
  const { chat } = state
  const since = chat ? keptSince(chat, keepMs, at) : undefined
  if (!chat || since === undefined) return nothing(0)
  const deletedAt = timeIn(chat, at)
  const gone = messageIds.flatMap((messageId): Happening[] => {
    const message = look(state.messages, messageId)
    if (!message || message.deletedAt !== undefined || message.at >= since) return []
    return [{ type: 'message.deleted', actorId: SYSTEM_ID, messageId, messageSeq: message.seq, deletedAt }]
  })
  // Another process has deleted them meanwhile: nothing was done that the audit could tell.
  if (gone.length === 0) return nothing(0)
  const audited: Deed = { ...deed, at, name: 'texts.expired', actorId: SYSTEM_ID, chatId: chat.id, facts: { messages: gone.length } }
  return { ...happened(chat, at, gone, gone.length), deed: audited }
}
