import { Check, CheckCheck, CircleAlert, Clock3 } from 'lucide-react'
import type { RowState } from '../../src/client/index.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import css from './state-icon.module.css'

const icons = { queued: Clock3, sending: Clock3, failed: CircleAlert, sent: Check, read: CheckCheck } as const

/** How far one's own message has come: a sign for the eye, words for the ear and for whoever points at it. */
export function StateIcon({ state, isGroup }: { readonly state: RowState; readonly isGroup: boolean }) {
  const { t } = useTranslation()
  const Icon = icons[state]
  const words = state === 'read' && isGroup ? t('message.readGroup') : t(`message.state.${state}`)
  return (
    <span role="img" aria-label={words} title={words} data-state={state} className={css.state}>
      <Icon size={15} strokeWidth={2.2} aria-hidden="true" />
    </span>
  )
}
