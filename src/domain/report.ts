import type { ChatId, Duration, Instant, MessageId, UserId } from './ids.ts'
import type { Message } from './message.ts'
import { described } from './words.ts'

export const REPORT_REASONS = ['spam', 'abuse', 'illegal', 'other'] as const
export type ReportReason = (typeof REPORT_REASONS)[number]

/** What becomes of a report: nothing, the message is deleted, or its author is banned from the group or may not sign in any more. */
export const VERDICTS = ['none', 'delete', 'ban', 'disable'] as const
export type Verdict = (typeof VERDICTS)[number]

/** A message that a member has reported, with a copy of it, which stays when the message is edited or deleted. */
export interface Report {
  readonly id: string
  readonly chatId: ChatId
  readonly messageId: MessageId
  readonly authorId: UserId
  readonly reporterId: UserId
  readonly reason: ReportReason
  readonly comment: string | undefined
  readonly text: string | undefined
  readonly sentAt: Instant
  readonly at: Instant
  /** Undefined as long as nobody has decided. */
  readonly resolved: { readonly action: Verdict; readonly at: Instant; readonly by: UserId } | undefined
}

/** How long a report is kept after the verdict. */
export const REPORT_KEPT: Duration = 90 * 86_400_000

export const COMMENT_LIMIT = 1_000

/** Returns the trimmed comment of a report, at most 1,000 code points; undefined if it says nothing. */
export const checkedComment = (comment: string): string | undefined => described(comment, '/comment', COMMENT_LIMIT)

/** What a report keeps of a message. */
export const copyOf = ({
  chatId,
  id,
  sender,
  text,
  at,
}: Message): Pick<Report, 'chatId' | 'messageId' | 'authorId' | 'text' | 'sentAt'> => ({
  chatId,
  messageId: id,
  authorId: sender.id,
  text,
  sentAt: at,
})
