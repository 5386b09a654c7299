import type { ChatId, Instant, UserId } from './ids.ts'

/** What staff, a back end or the command line can do to accounts and chats that are not theirs. */
export type DeedName =
  | 'user.disabled'
  | 'user.enabled'
  | 'user.renamed'
  | 'user.signed-out'
  | 'user.recovery-made'
  | 'user.password-set'
  | 'user.deleted'
  | 'user.exported'
  | 'user.staff-made'
  | 'user.staff-ended'
  | 'user.acted-as'
  | 'chat.deleted'
  | 'message.deleted'
  | 'texts.expired'
  | 'member.banned'
  | 'report.resolved'
  | 'key.made'
  | 'key.revoked'

/** One row of the audit: who did what to whom, and when. It holds no secret, no name and no text. */
export interface Deed {
  readonly id: string
  readonly at: Instant
  readonly name: DeedName
  /** Undefined: the command line. */
  readonly actorId: UserId | undefined
  /** The key with which a back end did it. */
  readonly keyId?: string | undefined
  readonly userId?: UserId | undefined
  readonly chatId?: ChatId | undefined
  readonly facts?: Readonly<Record<string, string | number | boolean | null>> | undefined
}
