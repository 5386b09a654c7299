import type { Author } from './identity.ts'
import type { ChatId, ClientMessageId, Count, Instant, MessageId, Seq } from './ids.ts'

export interface Message {
  readonly id: MessageId
  readonly chatId: ChatId
  readonly seq: Seq
  /** The how manieth message of its chat this is. */
  readonly n: Count
  readonly sender: Author
  readonly clientMessageId: ClientMessageId
  /** Digest of what was first sent: trimmed text and `replyTo`. */
  readonly bodyHash: string
  readonly text: string | undefined
  readonly replyTo: MessageId | undefined
  readonly version: number
  readonly at: Instant
  readonly editedAt: Instant | undefined
  readonly deletedAt: Instant | undefined
  /** The `seq` of the event that made it what it is. */
  readonly changedSeq: Seq
}
