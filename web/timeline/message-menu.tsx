import { Copy, Forward, Pencil, Pin, PinOff, Reply, RotateCw, SmilePlus, TextSelect, Trash2, Undo2, UsersRound } from 'lucide-react'
import type { Chat, ChatItem, Row } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { frequentEmoji } from '../reactions/react.ts'
import { openDialog } from '../state/dialog.ts'
import { deleteMessage } from '../state/later.ts'
import { tell } from '../state/notices.ts'
import { hasTouch } from '../state/pointer.ts'
import { errorText } from '../state/problem-text.ts'
import { type Action, ActionMenu } from '../ui/action-menu.tsx'
import { copyText } from '../ui/copy.ts'
import css from '../ui/menu.module.css'
import { useOthersActions } from './others-actions.tsx'

export interface MessageMenuProps {
  readonly chat: Chat
  readonly item: ChatItem
  readonly row: Row
  readonly anchor: HTMLElement
  readonly onReply: (row: Row) => void
  readonly onEdit: (row: Row) => void
  readonly onReact: (emoji: string) => void
  /** Any other emoji. */
  readonly onMore: () => void
  readonly onClose: () => void
}

export default function MessageMenu({ anchor, onClose, onReact, onMore, ...rest }: MessageMenuProps) {
  const { t } = useTranslation()
  return (
    <ActionMenu
      label={t('message.actions')}
      actions={useActions(rest)}
      anchor={anchor}
      placement={rest.row.isMine ? 'bottom end' : 'bottom start'}
      top={rest.row.id !== undefined && <Emojis row={rest.row} onReact={onReact} onMore={onMore} onClose={onClose} />}
      onClose={onClose}
    />
  )
}

interface EmojisProps extends Pick<MessageMenuProps, 'row' | 'onReact' | 'onMore' | 'onClose'> {}

function Emojis({ row, onReact, onMore, onClose }: EmojisProps) {
  const { t } = useTranslation()
  return (
    <div className={css.emojis} role="group" aria-label={t('reaction.label')}>
      {frequentEmoji(6).map((emoji) => (
        <button
          key={emoji}
          type="button"
          aria-label={t('reaction.with', { emoji })}
          aria-pressed={row.myReactions?.includes(emoji) === true}
          onClick={() => {
            onClose()
            onReact(emoji)
          }}
        >
          {emoji}
        </button>
      ))}
      <button
        type="button"
        aria-label={t('reaction.add')}
        onClick={() => {
          onClose()
          onMore()
        }}
      >
        <SmilePlus size={22} />
      </button>
    </div>
  )
}

function useActions({
  chat,
  item,
  row,
  onReply,
  onEdit,
}: Pick<MessageMenuProps, 'chat' | 'item' | 'row' | 'onReply' | 'onEdit'>): readonly Action[] {
  const { t } = useTranslation()
  const { id, text } = row
  const others = useOthersActions({ chat, item, row })
  const pending = id === undefined ? chat.pending(row.key) : undefined
  const mayPin = item.kind === 'private' || item.role !== 'member'
  const isPinned = useStore(chat.pins).items.some(({ message }) => message.id === id)
  const mayDelete = id !== undefined && (row.isMine || (item.kind === 'group' && item.role !== 'member'))
  const actions: (Action | false)[] = [
    id !== undefined && { id: 'reply', words: t('message.reply'), icon: <Reply size={17} />, run: () => onReply(row) },
    id !== undefined && row.isMine && { id: 'edit', words: t('message.edit'), icon: <Pencil size={17} />, run: () => onEdit(row) },
    id !== undefined &&
      text !== undefined && {
        id: 'forward',
        words: t('message.forward'),
        icon: <Forward size={17} />,
        run: () => openDialog({ kind: 'forward', chatId: chat.id, messageId: id }),
      },
    id !== undefined &&
      text !== undefined &&
      mayPin && {
        id: 'pin',
        words: isPinned ? t('message.unpin') : t('message.pin'),
        icon: isPinned ? <PinOff size={17} /> : <Pin size={17} />,
        run: () => void pin(chat, id, !isPinned),
      },
    id !== undefined &&
      row.reactions.length > 0 && {
        id: 'reactors',
        words: t('reaction.who'),
        icon: <SmilePlus size={17} />,
        run: () => openDialog({ kind: 'reactors', chatId: chat.id, messageId: id }),
      },
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
    ...others,
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

async function pin(chat: Chat, messageId: string, isOn: boolean) {
  try {
    await (isOn ? chat.pinMessage(messageId) : chat.unpinMessage(messageId))
  } catch (error) {
    tell(errorText(error), { isFault: true })
  }
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
