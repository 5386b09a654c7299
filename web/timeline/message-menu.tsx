import { Copy, Pencil, Reply, RotateCw, TextSelect, Trash2, Undo2, UsersRound } from 'lucide-react'
import type { Chat, ChatItem, Row } from '../../src/client/index.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { openDialog } from '../state/dialog.ts'
import { deleteMessage } from '../state/later.ts'
import { tell } from '../state/notices.ts'
import { hasTouch } from '../state/pointer.ts'
import { type Action, ActionMenu } from '../ui/action-menu.tsx'
import { copyText } from '../ui/copy.ts'

export interface MessageMenuProps {
  readonly chat: Chat
  readonly item: ChatItem
  readonly row: Row
  readonly anchor: HTMLElement
  readonly onReply: (row: Row) => void
  readonly onEdit: (row: Row) => void
  readonly onClose: () => void
}

export default function MessageMenu({ anchor, onClose, ...rest }: MessageMenuProps) {
  const { t } = useTranslation()
  return (
    <ActionMenu
      label={t('message.actions')}
      actions={useActions(rest)}
      anchor={anchor}
      placement={rest.row.isMine ? 'bottom end' : 'bottom start'}
      onClose={onClose}
    />
  )
}

function useActions({ chat, item, row, onReply, onEdit }: Omit<MessageMenuProps, 'anchor' | 'onClose'>): readonly Action[] {
  const { t } = useTranslation()
  const { id, text } = row
  const pending = id === undefined ? chat.pending(row.key) : undefined
  const mayDelete = id !== undefined && (row.isMine || (item.kind === 'group' && item.role !== 'member'))
  const actions: (Action | false)[] = [
    id !== undefined && { id: 'reply', words: t('message.reply'), icon: <Reply size={17} />, run: () => onReply(row) },
    id !== undefined && row.isMine && { id: 'edit', words: t('message.edit'), icon: <Pencil size={17} />, run: () => onEdit(row) },
    text !== undefined && {
      id: 'copy',
      words: t('message.copy'),
      icon: <Copy size={17} />,
      run: () => void copy(text, t('message.copied')),
    },
    text !== undefined &&
      hasTouch() && { id: 'select', words: t('message.select'), icon: <TextSelect size={17} />, run: () => selectText(row.key) },
    id !== undefined &&
      row.isMine && {
        id: 'readers',
        words: t('message.readers'),
        icon: <UsersRound size={17} />,
        run: () => openDialog({ kind: 'readers', chatId: chat.id, messageId: id }),
      },
    row.state === 'failed' && { id: 'retry', words: t('message.retry'), icon: <RotateCw size={17} />, run: () => pending?.retry() },
    pending !== undefined && { id: 'cancel', words: t('message.cancel'), icon: <Undo2 size={17} />, run: () => pending.cancel() },
    mayDelete && {
      id: 'delete',
      words: t('message.delete'),
      icon: <Trash2 size={17} />,
      isDanger: true,
      run: () => deleteMessage(chat, id),
    },
  ]
  return actions.filter((action) => action !== false)
}

/** Text of messages cannot be selected by fingers, which open the menu; here it is, once. */
function selectText(key: string): void {
  // The sheet gives the focus back first.
  setTimeout(() => {
    const text = document.querySelector<HTMLElement>(`[data-message="${CSS.escape(key)}"] [data-bubble] [dir=auto]`)
    if (!text) return
    text.style.userSelect = 'text'
    getSelection()?.selectAllChildren(text)
  }, 50)
}

async function copy(text: string, words: string) {
  if (await copyText(text)) tell(words)
}
