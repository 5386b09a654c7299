import type { Chat } from '../../src/client/index.ts'
import { shortTime } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useWords } from '../state/message-words.ts'
import { useSenderName } from '../state/people.ts'
import { useAuthorOf } from '../state/titles.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Excerpt } from '../ui/excerpt.tsx'
import css from './search-bar.module.css'
import type { useHits } from './use-hits.ts'

interface HitListProps {
  readonly chat: Chat
  readonly hits: ReturnType<typeof useHits>
  readonly query: string
  readonly onShow: (index: number) => void
}

export function HitList({ chat, hits: { items, hasMore, isBusy, more }, query, onShow }: HitListProps) {
  const { t, i18n } = useTranslation()
  const authorOf = useAuthorOf()
  const { whole } = useWords()
  const senderName = useSenderName(chat)
  return (
    <div className={css.hits}>
      <ul aria-label={t('search.results')} aria-busy={isBusy}>
        {items.map((message, i) => (
          <li key={message.id}>
            <button type="button" className={css.hit} data-stop="" onClick={() => onShow(i)}>
              <Avatar id={message.sender.id} name={senderName(message.sender)} size={36} />
              <span className={css.words}>
                <bdi className={css.name}>{authorOf({ id: message.sender.id, name: senderName(message.sender) })}</bdi>
                <bdi className={css.text}>
                  <Excerpt text={whole(message, chat.id)} query={query} />
                </bdi>
              </span>
              <time className={css.time}>{shortTime(i18n.language, message.at)}</time>
            </button>
          </li>
        ))}
      </ul>
      {hasMore && (
        <Button look="quiet" onClick={more}>
          {t('group.more')}
        </Button>
      )}
    </div>
  )
}
