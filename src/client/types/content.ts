/** How a text is shown: as typed, or with the marks of the service's contract. */
export type Format = 'text' | 'markdown'

/** A range of a text, in code points, that stands for a user or for all members. */
export type Mention =
  | { readonly kind: 'user'; readonly userId: string; readonly start: number; readonly length: number }
  | { readonly kind: 'all'; readonly start: number; readonly length: number }

/** An uploaded file. It never changes. */
export interface File {
  readonly id: string
  readonly name: string
  /** In bytes. */
  readonly size: number
  readonly type: string
  readonly kind: 'image' | 'video' | 'audio' | 'file'
  readonly width: number | undefined
  readonly height: number | undefined
  readonly thumbhash: string | undefined
  readonly createdAt: number
}

export interface Attachment {
  readonly file: File
  readonly alt: string | undefined
  readonly durationMs: number | undefined
  readonly waveform: readonly number[] | undefined
  /** The key of the upload; of messages that are not sent yet only. */
  readonly upload?: string | undefined
}

/** One emoji under a message. */
export interface Reaction {
  readonly emoji: string
  readonly count: number
  /** Some of those who reacted, at most 10. */
  readonly userIds: readonly string[]
}

/** What a message has beside its text, and an edit can change. Empty once it is deleted. */
export interface Content {
  readonly format: Format
  readonly mentions: readonly Mention[]
  readonly attachments: readonly Attachment[]
  /** A JSON object of the application. */
  readonly data: Readonly<Record<string, unknown>> | undefined
}

export interface Message extends Content {
  readonly id: string
  readonly chatId: string
  readonly seq: number
  readonly sender: Sender
  /** Only of your own messages. */
  readonly clientMessageId: string | undefined
  /** Undefined if deleted. */
  readonly text: string | undefined
  /** What the application calls this kind of message. */
  readonly kind: string | undefined
  /** The first author of a forwarded message. */
  readonly forwardedFrom: { readonly sender: Sender; readonly at: number } | undefined
  /** In the order of first use. */
  readonly reactions: readonly Reaction[]
  /** The `seq` of the last change of the reactions. */
  readonly reactionsSeq: number
  /** The user's own, and the `seq` as of which they are known. */
  readonly myReactions: readonly string[]
  readonly myReactionsSeq: number
  readonly replyTo: string | undefined
  readonly version: number
  readonly at: number
  readonly editedAt: number | undefined
  readonly deletedAt: number | undefined
}

export interface Sender {
  readonly id: string
  readonly username: string | undefined
  readonly name: string | undefined
}
