import { Copy, Forward, Pencil, Pin, PinOff, Reply, RotateCw, SmilePlus, TextSelect, Trash2, Undo2, UsersRound } from 'lucide-react'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { frequentEmoji } from '../reactions/react.ts'
import { openDialog } from '../state/dialog.ts'
import { hasTouch } from '../state/pointer.ts'
import { type Action, ActionMenu } from '../ui/action-menu.tsx'
import css from '../ui/menu.module.css'
import { useOthersActions } from './others-actions.tsx'
import { type DeedsOf, isPinned, rowDeeds } from './row-deeds.ts'

export interface MessageMenuProps extends DeedsOf {
  readonly anchor: HTMLElement
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

function useActions(props: DeedsOf): readonly Action[] {
  const { t } = useTranslation()
  const { chat, item, row } = props
  const { id, text } = row
  const deeds = rowDeeds(props)
  const others = useOthersActions({ chat, item, row })
  const pending = id === undefined ? chat.pending(row.key) : undefined
  useStore(chat.pins)
  const hasPin = isPinned(chat, id)
  const actions: (Action | false | undefined)[] = [
    deeds.reply && { id: 'reply', words: t('message.reply'), icon: <Reply size={17} />, run: deeds.reply },
    deeds.edit && { id: 'edit', words: t('message.edit'), icon: <Pencil size={17} />, run: deeds.edit },
    deeds.forward && { id: 'forward', words: t('message.forward'), icon: <Forward size={17} />, run: deeds.forward },
    deeds.pin && {
      id: 'pin',
      words: hasPin ? t('message.unpin') : t('message.pin'),
      icon: hasPin ? <PinOff size={17} /> : <Pin size={17} />,
      run: deeds.pin,
    },
    id !== undefined &&
      row.reactions.length > 0 && {
        id: 'reactors',
        words: t('reaction.who'),
        icon: <SmilePlus size={17} />,
        run: () => openDialog({ kind: 'reactors', chatId: chat.id, messageId: id }),
      },
    deeds.copy && { id: 'copy', words: t('message.copy'), icon: <Copy size={17} />, run: deeds.copy },
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
    deeds.delete && { id: 'delete', words: t('message.delete'), icon: <Trash2 size={17} />, isDanger: true, run: deeds.delete },
  ]
  return actions.filter((action) => action !== false && action !== undefined)
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
