import { shortTime } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useAuthorOf } from '../state/titles.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Excerpt } from '../ui/excerpt.tsx'
import css from './search-bar.module.css'
import type { useHits } from './use-hits.ts'

interface HitListProps {
  readonly hits: ReturnType<typeof useHits>
  readonly query: string
  readonly onShow: (index: number) => void
}

export function HitList({ hits: { items, hasMore, isBusy, more }, query, onShow }: HitListProps) {
  const { t, i18n } = useTranslation()
  const authorOf = useAuthorOf()
  return (
    <div className={css.hits}>
      <ul aria-label={t('search.results')} aria-busy={isBusy}>
        {items.map((message, i) => (
          <li key={message.id}>
            <button type="button" className={css.hit} data-stop="" onClick={() => onShow(i)}>
              <Avatar id={message.sender.id} name={message.sender.name} size={36} />
              <span className={css.words}>
                <bdi className={css.name}>{authorOf(message.sender)}</bdi>
                <bdi className={css.text}>
                  <Excerpt text={message.text ?? ''} query={query} />
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
