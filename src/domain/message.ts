import type { Person } from './identity.ts'
import type { ChatId, ClientMessageId, MessageId, Millis, Seq } from './ids.ts'

export interface Message {
  readonly id: MessageId
  readonly chatId: ChatId
  readonly seq: Seq
  /** The how manieth message of its chat this is. */
  readonly n: number
  readonly sender: Person
  readonly clientMessageId: ClientMessageId
  /** Digest of what was first sent: trimmed text and `replyTo`. */
  readonly bodyHash: string
  readonly text: string | undefined
  readonly replyTo: MessageId | undefined
  readonly version: number
  readonly at: Millis
  readonly editedAt: Millis | undefined
  readonly deletedAt: Millis | undefined
  /** The `seq` of the event that made it what it is. */
  readonly changedSeq: Seq
}
