import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, useStore } from '../../src/client/react.ts'
import { deferred } from '../state/notices.ts'
import { problemText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import css from './chat-list.module.css'
import { ChatListItem } from './chat-list-item.tsx'

export function ChatList({ openId }: { readonly openId: string | undefined }) {
  const { t } = useTranslation()
  const { chats } = useClient()
  const { items: all, status, problem, hasMore, isLoadingMore } = useStore(chats)
  const leaving = useStore(deferred)
  const items = all.filter(({ id }) => !leaving.has(id))
  const tail = useRef<HTMLLIElement>(null)

  useEffect(() => {
    if (!hasMore || !tail.current) return
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && void chats.loadMore().catch(() => undefined), {
      rootMargin: '400px',
    })
    watcher.observe(tail.current)
    return () => watcher.disconnect()
  }, [chats, hasMore])

  const stop = items.some(({ id }) => id === openId) ? openId : items[0]?.id
  return (
    <div className={css.scroll}>
      {status === 'failed' && items.length === 0 && (
        <p role="alert" className={css.words}>
          {t('nav.loadFailed')} {problem && problemText(problem)}
        </p>
      )}
      {status === 'ready' && items.length === 0 && (
        <div className={css.words}>
          <p>{t('nav.noChats')}</p>
          <p>{t('nav.noChatsHint')}</p>
        </div>
      )}
      {status !== 'ready' && status !== 'failed' && items.length === 0 && <Skeleton />}
      <ul className={css.list}>
        {items.map((item) => (
          <ChatListItem key={item.id} item={item} isOpen={item.id === openId} isStop={item.id === stop} />
        ))}
        {hasMore && (
          <li ref={tail} className={css.more}>
            <Button look="quiet" disabled={isLoadingMore} onClick={() => void chats.loadMore().catch(() => undefined)}>
              {t('nav.moreChats')}
            </Button>
          </li>
        )}
      </ul>
    </div>
  )
}

const Skeleton = () => (
  <div className={css.skeleton} aria-hidden="true">
    {[0, 1, 2, 3, 4].map((n) => (
      <span key={n} />
    ))}
  </div>
)
