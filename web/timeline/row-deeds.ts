import i18next from 'i18next'
import type { Chat, ChatItem, Row } from '../../src/client/index.ts'
import { openDialog } from '../state/dialog.ts'
import { deleteMessage } from '../state/later.ts'
import { tell } from '../state/notices.ts'
import { errorText } from '../state/problem-text.ts'
import { copyText } from '../ui/copy.ts'

export interface DeedsOf {
  readonly chat: Chat
  readonly item: ChatItem
  readonly row: Row
  readonly onReply: (row: Row) => void
  readonly onEdit: (row: Row) => void
}
type Deed = 'reply' | 'edit' | 'forward' | 'pin' | 'copy' | 'delete'

/** What menus and keys do with a message, as far as this user may. */
export function rowDeeds({ chat, item, row, onReply, onEdit }: DeedsOf): { readonly [D in Deed]?: () => void } {
  const { id, text } = row
  if (text === undefined) return {}
  const copied = { copy: () => void copy(text) }
  if (id === undefined) return copied
  const isTrusted = item.kind === 'private' || item.role !== 'member'
  return {
    ...copied,
    reply: () => onReply(row),
    ...(row.isMine && { edit: () => onEdit(row) }),
    forward: () => openDialog({ kind: 'forward', chatId: chat.id, messageId: id }),
    ...(isTrusted && { pin: () => void pin(chat, id, !isPinned(chat, id)) }),
    ...((row.isMine || (item.kind === 'group' && isTrusted)) && { delete: () => deleteMessage(chat, id) }),
  }
}

export const isPinned = (chat: Chat, messageId: string | undefined): boolean =>
  chat.pins.get().items.some(({ message }) => message.id === messageId)

async function pin(chat: Chat, messageId: string, isOn: boolean) {
  try {
    await (isOn ? chat.pinMessage(messageId) : chat.unpinMessage(messageId))
  } catch (error) {
    tell(errorText(error), { isFault: true })
  }
}

async function copy(text: string) {
  if (await copyText(text)) tell(i18next.t('message.copied'))
}
