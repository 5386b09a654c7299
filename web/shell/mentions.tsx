import { useEffect, useState } from 'react'
import type { ChatItem } from '../../src/client/index.ts'
import { useMentions } from '../../src/client/react/content.ts'
import { useClient } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { problemText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import { MessageHit } from './hit.tsx'
import { placesOf, showMessage } from './places.ts'
import css from './search-results.module.css'

/** Messages that mention the user, newest first, in place of the chats. */
export function Mentions() {
  const { t } = useTranslation()
  const client = useClient()
  const { items, status, problem, hasMore, loadMore } = useMentions()
  const [places, setPlaces] = useState<ReadonlyMap<string, ChatItem>>(new Map())
  useEffect(() => {
    const aborted = new AbortController()
    const { signal } = aborted
    void placesOf(items, client, signal).then((found) => signal.aborted || setPlaces(found))
    return () => aborted.abort()
  }, [client, items])
  return (
    <div className={css.results} aria-busy={status === 'loading'} role="group" aria-label={t('nav.mentions')}>
      {status === 'ready' && items.length === 0 && <p className={css.words}>{t('nav.noMentions')}</p>}
      <ul>
        {items.map((message) => (
          <MessageHit key={message.id} message={message} chat={places.get(message.chatId)} query="" onOpen={() => showMessage(message)} />
        ))}
      </ul>
      {status === 'failed' && (
        <div className={css.words} role="alert">
          <p>{problemText(problem)}</p>
          <Button onClick={loadMore}>{t('common.retry')}</Button>
        </div>
      )}
      {status === 'ready' && hasMore && (
        <p className={css.words}>
          <Button onClick={loadMore}>{t('group.more')}</Button>
        </p>
      )}
    </div>
  )
}
