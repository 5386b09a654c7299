import { useEffect, useState } from 'react'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { openDialog } from '../state/dialog.ts'
import { type Filter, listFilter } from '../state/list-filter.ts'
import { problemText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import css from './chat-list.module.css'

interface StatesProps {
  readonly filter: Filter
  readonly hasChats: boolean
}

/** What stands in place of a list that shows nothing. */
export function States(props: StatesProps) {
  const { t } = useTranslation()
  const client = useClient()
  const { status, problem } = useStore(props.filter === 'archive' ? client.chats.archived : client.chats)
  if (status === 'ready' || props.hasChats) return <Empty {...props} />
  if (status !== 'failed') return <Skeleton />
  return (
    <div role="alert" className={css.words}>
      <p>{t('nav.loadFailed')}</p>
      <p>{problem && problemText(problem)}</p>
      <Button onClick={() => client.reconnectNow()}>{t('common.retry')}</Button>
    </div>
  )
}

/** There is no chat, or none of those that the filter lets through. */
function Empty({ filter, hasChats }: StatesProps) {
  const { t } = useTranslation()
  if (hasChats || filter === 'archive')
    return (
      <div className={css.words}>
        <p>{t(filter === 'archive' ? 'nav.noArchived' : filter === 'unread' ? 'nav.noUnread' : 'nav.noGroups')}</p>
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

function Skeleton() {
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
