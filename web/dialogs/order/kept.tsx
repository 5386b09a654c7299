import type { ChatItem } from '../../../src/client/index.ts'
import { spanOf } from '../../i18n/times.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { useService } from '../../state/service.ts'
import css from '../parts.module.css'

/** How long texts stay in a chat, where they do not stay for good: by its own rule or the one of the service, whichever is stricter. */
export function Kept({ item: { rules } }: { readonly item: ChatItem }) {
  const { t, i18n } = useTranslation()
  const limits = [rules?.keepS ?? 0, useService().service?.keep_s ?? 0].filter((seconds) => seconds > 0)
  if (limits.length === 0) return null
  return <span className={css.quiet}>{t('order.kept', { span: spanOf(i18n.language, Math.min(...limits)) })}</span>
}
