import { Copy, Pencil, Reply, RotateCw, Trash2, Undo2, UsersRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog, I18nProvider, Menu, MenuItem, Modal, ModalOverlay, Popover } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { Chat, ChatItem, Row } from '../../src/client/index.ts'
import { openDialog } from '../state/dialog.ts'
import { deleteMessage } from '../state/later.ts'
import { tell } from '../state/notices.ts'
import { hasTouch } from '../state/pointer.ts'
import { useLayer } from '../state/use-layer.ts'
import { copyText } from '../ui/copy.ts'
import css from '../ui/menu.module.css'

export interface MessageMenuProps {
  readonly chat: Chat
  readonly item: ChatItem
  readonly row: Row
  readonly anchor: HTMLElement
  readonly onReply: (row: Row) => void
  readonly onEdit: (row: Row) => void
  readonly onClose: () => void
}

interface Action {
  readonly id: string
  readonly words: string
  readonly icon: ReactNode
  readonly isDanger?: boolean
  readonly run: () => void
}

export default function MessageMenu({ anchor, onClose, ...rest }: MessageMenuProps) {
  const { t, i18n } = useTranslation()
  const actions = useActions(rest)
  useLayer(onClose)
  const menu = (
    <Menu
      className={css.menu ?? ''}
      aria-label={t('message.actions')}
      autoFocus="first"
      onAction={(key) => {
        onClose()
        actions.find(({ id }) => id === key)?.run()
      }}
    >
      {actions.map(({ id, words, icon, isDanger }) => (
        <MenuItem key={id} id={id} textValue={words} className={`${css.item} ${isDanger ? css.danger : ''}`}>
          {icon}
          {words}
        </MenuItem>
      ))}
    </Menu>
  )
  const close = (isOpen: boolean) => !isOpen && onClose()
  return (
    <I18nProvider locale={i18n.language}>
      {hasTouch() ? (
        <ModalOverlay className={css.overlay ?? ''} isOpen isDismissable onOpenChange={close}>
          <Modal className={css.sheet ?? ''}>
            <Dialog className={css.dialog ?? ''} aria-label={t('message.actions')}>
              {menu}
            </Dialog>
          </Modal>
        </ModalOverlay>
      ) : (
        <Popover
          aria-label={t('message.actions')}
          className={css.popover ?? ''}
          triggerRef={{ current: anchor }}
          placement={rest.row.isMine ? 'bottom end' : 'bottom start'}
          isOpen
          onOpenChange={close}
        >
          {menu}
        </Popover>
      )}
    </I18nProvider>
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

async function copy(text: string, words: string) {
  if (await copyText(text)) tell(words)
}
