import type { ChatId, Count, Instant, MessageId, Seq } from '../../domain/ids.ts'
import type { Rules } from '../../domain/rules.ts'

export interface OldChat {
  readonly chatId: ChatId
  readonly rules: Rules
  /** When the first message was sent that has not been passed over. */
  readonly firstAt: Instant | undefined
}

export interface OldMessage {
  readonly id: MessageId
  readonly seq: Seq
  readonly at: Instant
  readonly isDeleted: boolean
}

/** Finds texts whose time is over. What was passed over is not looked at again, so that it costs what is left to do. */
export interface Expiries {
  /** Returns the chats behind `after`, in the order of their ids: those that have rules of their own, or all. One statement. */
  chats(after: ChatId | undefined, which: 'with rules' | 'all', limit: Count): Promise<readonly OldChat[]>
  /** Returns the first messages of a chat that have not been passed over. */
  first(chatId: ChatId, limit: Count): Promise<readonly OldMessage[]>
  /** Passes over the messages up to this one, which have no text any more. */
  pass(chatId: ChatId, seq: Seq): Promise<void>
}
