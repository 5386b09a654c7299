import type { FrameInput } from '../../adapters/wire/frames.ts'
import { length } from '../../domain/words.ts'
import type { Attached, Attachment, File, Mention, MessageEdit, OutboxEntry, SendOptions, SentContent } from '../types.ts'

type Sent = Extract<FrameInput<'send_message'>, { chat_id: unknown; forward?: never }>
type WireContent = Pick<Sent, 'format' | 'mentions' | 'attachments' | 'data'>

/** What an entry keeps beside its text; undefined if there is nothing. */
export function sentContent({ format, mentions, attachments, kind, data }: SendOptions): SentContent | undefined {
  const given = Object.entries({ format, mentions, attachments, kind, data }).filter(([, value]) => value !== undefined)
  return given.length > 0 ? Object.fromEntries(given) : undefined
}

/** The text as the service keeps it, and the mentions where they are in it. */
export function trimmed(
  text: string,
  mentions: readonly Mention[] | undefined,
): { text: string; mentions: readonly Mention[] | undefined } {
  const cut = length(text.slice(0, text.length - text.trimStart().length))
  return { text: text.trim(), mentions: cut === 0 ? mentions : mentions?.map((mention) => ({ ...mention, start: mention.start - cut })) }
}

const wireMention = (mention: Mention) => {
  const { start, length } = mention
  return mention.kind === 'all'
    ? { kind: 'all' as const, start, length }
    : { kind: 'user' as const, user_id: mention.userId, start, length }
}

const wireAttachment = ({ fileId, upload, alt, durationMs, waveform }: Attached) => ({
  file_id: fileId ?? upload,
  ...(alt !== undefined && { alt }),
  ...(durationMs !== undefined && { duration_ms: durationMs }),
  ...(waveform && { waveform: [...waveform] }),
})

export const wireContent = ({ format, mentions, attachments, data }: Partial<SentContent & MessageEdit>) =>
  ({
    ...(format && { format }),
    ...(mentions && { mentions: mentions.map(wireMention) }),
    ...(attachments && { attachments: attachments.map(wireAttachment) }),
    ...(data && { data }),
  }) as WireContent

/** The members of an edit. Ranges of mentions are those of the trimmed text. */
export function wireEdit({ text, ...edit }: MessageEdit) {
  if (text === undefined) return wireContent(edit)
  const kept = trimmed(text, edit.mentions)
  return { text: kept.text, ...wireContent({ ...edit, mentions: kept.mentions }) }
}

/** The members of a message to send. */
export function wireEntry({ key, text, replyTo, content, forward }: OutboxEntry) {
  const about = { client_message_id: key, ...(replyTo !== undefined && { reply_to: replyTo as never }) }
  if (forward) return { ...about, forward: { chat_id: forward.chatId, message_id: forward.messageId } }
  return { ...about, text, ...(content && wireContent(content)), ...(content?.kind !== undefined && { kind: content.kind }) }
}

/** Whether two entries would be sent as the same message. */
export const isSameEntry = (one: OutboxEntry, other: OutboxEntry): boolean =>
  JSON.stringify(wireEntry(one)) === JSON.stringify(wireEntry(other))

/** What the row of an entry shows of its files. */
export const shownAttachments = ({ content }: OutboxEntry): readonly Attachment[] =>
  (content?.attachments ?? []).flatMap(({ file, alt, durationMs, waveform, upload }) =>
    file ? [{ file, alt, durationMs, waveform, upload }] : [],
  )

/** Whether a file of the entry is not uploaded yet. */
export const isWaiting = ({ content }: OutboxEntry): boolean => content?.attachments?.some(({ fileId }) => fileId === undefined) === true

/** The entry, with the file that an upload has made; undefined if it does not wait for this upload. */
export function withFile(entry: OutboxEntry, upload: string, file: File | undefined): OutboxEntry | undefined {
  const { attachments = [], ...content } = entry.content ?? {}
  const isThis = (one: Attached) => one.upload === upload && one.fileId === undefined
  if (!attachments.some(isThis)) return undefined
  return {
    ...entry,
    content: { ...content, attachments: attachments.map((one) => (file && isThis(one) ? { ...one, fileId: file.id, file } : one)) },
  }
}
