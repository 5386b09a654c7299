import { ArrowUp, Check, Mic } from 'lucide-react'
import type { Chat } from '../../src/client/index.ts'
import { canRecord } from '../files/record.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Busy } from '../ui/busy.tsx'
import { IconButton } from '../ui/button.tsx'
import css from './composer.module.css'
import { countdown, useSlow } from './use-slow.ts'
import type { useWriting } from './use-writing.ts'

interface SendButtonProps {
  readonly chat: Chat
  readonly writing: ReturnType<typeof useWriting>
  readonly isEdit: boolean
  readonly onSend: () => void
  readonly onRecord: () => void
}

/** Sends; where there is nothing to send yet, it records. While slow mode holds the next message back, it counts down: that message waits. */
export function SendButton({ chat, writing: { text, files, isSaving, canSend }, isEdit, onSend, onRecord }: SendButtonProps) {
  const { t } = useTranslation()
  const seconds = useSlow(chat)
  const isSlow = seconds > 0 && !isEdit
  if (text === '' && files.length === 0 && !isEdit && !isSlow && canRecord())
    return (
      <IconButton label={t('file.record')} onClick={onRecord}>
        <Mic size={21} />
      </IconButton>
    )
  return (
    <IconButton
      label={isEdit ? t('composer.save') : t('composer.send')}
      className={css.send}
      disabled={!canSend}
      {...(isSlow && {
        'title': t('composer.slow', { time: countdown(seconds) }),
        'aria-description': t('composer.slow', { time: countdown(seconds) }),
      })}
      onClick={onSend}
    >
      {isSlow ? <span className={css.seconds}>{countdown(seconds)}</span> : <SendIcon isEdit={isEdit} isSaving={isSaving} />}
    </IconButton>
  )
}

function SendIcon({ isEdit, isSaving }: { readonly isEdit: boolean; readonly isSaving: boolean }) {
  if (isSaving) return <Busy size={20} />
  return isEdit ? <Check size={20} strokeWidth={2.5} /> : <ArrowUp size={20} strokeWidth={2.5} />
}
