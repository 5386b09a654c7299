import { Pencil, Reply, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNameOf } from '../state/titles.ts'
import { IconButton } from '../ui/button.tsx'
import type { Mode } from './mode.ts'
import css from './mode-bar.module.css'

/** What is being answered or changed, and the way out. */
export function ModeBar({ mode, onCancel }: { readonly mode: Mode; readonly onCancel: () => void }) {
  const { t } = useTranslation()
  const name = useNameOf()(mode.row.sender)
  const isReply = mode.kind === 'reply'
  return (
    <div className={css.bar}>
      {isReply ? <Reply size={18} aria-hidden="true" /> : <Pencil size={17} aria-hidden="true" />}
      <p className={css.words}>
        <strong>{isReply ? t('composer.replying', { name }) : t('composer.editing')}</strong>
        <span>{mode.row.text}</span>
      </p>
      <IconButton label={isReply ? t('composer.cancelReply') : t('composer.cancelEdit')} onClick={onCancel}>
        <X size={18} />
      </IconButton>
    </div>
  )
}
