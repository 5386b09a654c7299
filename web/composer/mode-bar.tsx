import { Pencil, Reply, X } from 'lucide-react'
import type { Chat } from '../../src/client/index.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useWords } from '../state/message-words.ts'
import { useSenderName } from '../state/people.ts'
import { useNameOf } from '../state/titles.ts'
import { useMessage } from '../state/use-message.ts'
import { IconButton } from '../ui/button.tsx'
import type { Mode } from './mode.ts'
import css from './mode-bar.module.css'

interface ModeBarProps {
  readonly chat: Chat
  readonly mode: Mode
  readonly onCancel: () => void
}

/** What is being answered or changed, and the way out. */
export function ModeBar({ chat, mode, onCancel }: ModeBarProps) {
  const { t } = useTranslation()
  const isReply = mode.kind === 'reply'
  const message = useMessage(chat, isReply ? mode.messageId : (mode.row.id ?? ''))
  const { short } = useWords()
  const nameOf = useNameOf()
  const senderName = useSenderName(chat)
  return (
    <div className={css.bar}>
      {isReply ? <Reply size={18} aria-hidden="true" /> : <Pencil size={17} aria-hidden="true" />}
      <p className={css.words}>
        <strong>
          {isReply ? message && t('composer.replying', { name: nameOf({ name: senderName(message.sender) }) }) : t('composer.editing')}
        </strong>
        <bdi>{message && (short(message, chat.id) ?? t('message.deleted'))}</bdi>
      </p>
      <IconButton label={isReply ? t('composer.cancelReply') : t('composer.cancelEdit')} onClick={onCancel}>
        <X size={18} />
      </IconButton>
    </div>
  )
}
