import type { ChatItem } from '../../src/client/index.ts'
import { dayName } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useTitle } from '../state/titles.ts'
import { useNow } from '../state/use-now.ts'
import { Avatar } from '../ui/avatar.tsx'
import css from './between.module.css'

export function Day({ at }: { readonly at: number }) {
  const { i18n } = useTranslation()
  const now = useNow()
  return (
    <p className={css.day}>
      <span>{dayName(i18n.language, at, now)}</span>
    </p>
  )
}

export function Divider() {
  const { t } = useTranslation()
  return <p className={css.divider}>{t('chat.unreadDivider')}</p>
}

/** What stands above the first message of all. */
export function Beginning({ item }: { readonly item: ChatItem | undefined }) {
  const { t } = useTranslation()
  const title = useTitle(item)
  if (!item) return <div className={css.beginning} />
  return (
    <div className={css.beginning}>
      <Avatar id={item.partner?.id ?? item.id} name={title} isGroup={item.kind === 'group'} size={64} />
      <p className={css.title}>
        <bdi>{title}</bdi>
      </p>
      <p>
        {t('chat.beginning')} {item.kind === 'group' ? t('chat.beginningGroup') : t('chat.beginningHint')}
      </p>
    </div>
  )
}
