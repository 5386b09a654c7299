import type { File } from './file.ts'
import type { Author } from './identity.ts'
import type { ChatId, ClientMessageId, Count, FileId, Instant, MessageId, Seq, UserId } from './ids.ts'

/** How clients show a text: as typed, or with a few marks. The service stores and searches both alike. */
export type Format = 'text' | 'markdown'

/** A range of a text, in code points, that stands for a user or for all members. */
export type Mention = ({ readonly kind: 'user'; readonly userId: UserId } | { readonly kind: 'all' }) & {
  readonly start: number
  readonly length: number
}

/** How a message shows a file. */
export interface Showing {
  /** What the file shows, in words. */
  readonly alt: string | undefined
  readonly durationMs: number | undefined
  /** Loudness, 0–100. */
  readonly waveform: readonly number[] | undefined
}
export interface Attachment extends Showing {
  readonly file: File
}
/** An attachment as it is sent. */
export interface AttachedFile extends Showing {
  readonly fileId: FileId
}

/** A JSON object of the application that uses the chat. */
export type Data = Readonly<Record<string, unknown>>

/** Who wrote a forwarded message first, and when. The chat is never named. */
export interface Forwarded {
  readonly sender: Author
  readonly at: Instant
}

/** What a message has beside its text. Deleting the message deletes it. */
export interface Content {
  readonly format: Format
  /** Ascending, without overlaps. */
  readonly mentions: readonly Mention[]
  readonly attachments: readonly Attachment[]
  readonly data: Data | undefined
  readonly forwarded: Forwarded | undefined
}

/** The content of a plain text. */
export const PLAIN: Content = { format: 'text', mentions: [], attachments: [], data: undefined, forwarded: undefined }

export interface Message {
  readonly id: MessageId
  readonly chatId: ChatId
  readonly seq: Seq
  /** The how manieth message of its chat this is. */
  readonly n: Count
  readonly sender: Author
  readonly clientMessageId: ClientMessageId
  /** Digest of what was first sent: trimmed text, `replyTo`, and all else that is not the default. */
  readonly bodyHash: string
  /** Digest of the text that the author sent with the last edit, if the host's code made another one of it. */
  readonly editHash?: string | undefined
  readonly text: string | undefined
  /** `PLAIN` once deleted. */
  readonly content: Content
  /** What the application calls this kind of message. It stays when the message is deleted. */
  readonly kind: string | undefined
  readonly replyTo: MessageId | undefined
  readonly version: number
  readonly at: Instant
  readonly editedAt: Instant | undefined
  readonly deletedAt: Instant | undefined
  /** The `seq` of the event that made it what it is. */
  readonly changedSeq: Seq
}
