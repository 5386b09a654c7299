import type { CallOptions, Store } from '../basic-types.ts'
import type { Problem } from '../problems.ts'
import type { Content, File, Format, Mention, Message } from './content.ts'
import type { CustomContent } from './kinds.ts'

export interface MessageAddress {
  readonly chatId: string
  readonly messageId: string
}

/** A file of the user's to attach: one that is uploaded, or one on its way by `windi-chat/client/files`, for which the message waits. */
export interface Attached {
  /** Undefined until the upload is done. */
  readonly fileId?: string | undefined
  /** The key of the upload. */
  readonly upload?: string | undefined
  /** What the row shows until the message is sent. */
  readonly file?: File | undefined
  /** What it shows, in words. */
  readonly alt?: string | undefined
  readonly durationMs?: number | undefined
  readonly waveform?: readonly number[] | undefined
}

/** What a message is sent with, beside its text. */
export type SentContent = {
  readonly format?: Format | undefined
  /** Ranges of the text in code points, ascending, without overlaps. */
  readonly mentions?: readonly Mention[] | undefined
  readonly attachments?: readonly Attached[] | undefined
} & CustomContent

export type SendOptions = SentContent & {
  readonly replyTo?: string | undefined
  /** Names one message of the chat: the same key again returns that message. */
  readonly key?: string | undefined
}

/** What an edit changes; what is left out stays. Mentions left out with a new text are none. */
export interface MessageEdit {
  readonly text?: string | undefined
  readonly format?: Format | undefined
  readonly mentions?: readonly Mention[] | undefined
  readonly attachments?: readonly Attached[] | undefined
  readonly data?: Content['data']
}

export type SendState =
  | { readonly status: 'queued' }
  | { readonly status: 'sending' }
  | { readonly status: 'sent'; readonly message: Message }
  | { readonly status: 'failed'; readonly problem: Problem }
  | { readonly status: 'cancelled' }

/** A message on its way. */
export interface SendHandle extends Store<SendState> {
  /** The `client_message_id`, and the key of the row. */
  readonly key: string
  readonly chatId: string
  /** After `failed`: sends again with the same key. */
  retry(): void
  /** Cancels the message if it was not sent yet. Returns whether it was cancelled. */
  cancel(): boolean
  /**
   * Resolves when it is sent, failed or cancelled, or as it is when the client is closed: `queued` and `sending` then go on with the next
   * run. Rejects with the reason of the signal only.
   */
  settled(options?: CallOptions): Promise<SendState>
}
