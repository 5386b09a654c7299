import { useEffect, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { openDialog } from '../state/dialog.ts'
import { type Filter, listFilter } from '../state/list-filter.ts'
import { Button } from '../ui/button.tsx'
import css from './chat-list.module.css'

/** There is no chat, or none of those that the filter lets through. */
export function Empty({ filter, hasChats }: { readonly filter: Filter; readonly hasChats: boolean }) {
  const { t } = useTranslation()
  if (hasChats)
    return (
      <div className={css.words}>
        <p>{filter === 'unread' ? t('nav.noUnread') : t('nav.noGroups')}</p>
        <Button onClick={() => listFilter.set('all')}>{t('nav.showAll')}</Button>
      </div>
    )
  return (
    <div className={css.words}>
      <p>{t('nav.noChats')}</p>
      <p>{t('nav.noChatsHint')}</p>
      <Button look="strong" onClick={() => openDialog({ kind: 'new-chat' })}>
        {t('nav.newChat')}
      </Button>
    </div>
  )
}

/** Nobody sees it of a list that is there at once. */
const PATIENCE_MS = 200

export function Skeleton() {
  const [isShown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    isShown && (
      <div className={css.skeleton} aria-hidden="true">
        {[0, 1, 2, 3, 4].map((n) => (
          <span key={n} />
        ))}
      </div>
    )
  )
}
