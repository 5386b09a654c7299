import type { z } from 'zod'
import type { NewMessage } from '../../../application/chat-api.ts'
import type { NewContent } from '../../../domain/content.ts'
import type * as messages from '../schemas/messages.ts'

type Sent = z.output<typeof messages.NewMessage>

/** Returns the content of a request in the words of the domain. */
export const readContent = ({
  text,
  format,
  mentions,
  attachments,
  data,
}: z.output<typeof messages.MessageChange>): Omit<NewContent, 'kind'> => ({
  text,
  format,
  mentions: mentions?.map((mention) => {
    const { start, length } = mention
    return mention.kind === 'all' ? { kind: 'all', start, length } : { kind: 'user', userId: mention.user_id, start, length }
  }),
  attachments: attachments?.map(({ file_id, alt, duration_ms, waveform }) => ({ fileId: file_id, alt, durationMs: duration_ms, waveform })),
  data,
})

export function readNewMessage(message: Sent): NewMessage {
  const { client_message_id: clientMessageId, reply_to: replyTo } = message
  if ('forward' in message) {
    const { chat_id: chatId, message_id: messageId } = message.forward
    return { clientMessageId, replyTo, forward: { chatId, messageId } }
  }
  const { text, format, mentions, attachments, data } = readContent(message)
  return { clientMessageId, replyTo, text, format, mentions, attachments, kind: message.kind, data }
}
