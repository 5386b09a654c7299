import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Pages } from '../state/use-pages.ts'
import { Button } from '../ui/button.tsx'
import { Fault } from '../ui/fault.tsx'
import { keepFocus } from '../ui/keep-focus.ts'
import css from './parts.module.css'

interface PagedProps<T> {
  readonly pages: Pages<T>
  /** What is said where there is nothing. */
  readonly empty?: string | undefined
  readonly label?: string | undefined
  /** One item, as a line of the list, at a place from 0. */
  readonly children: (item: T, place: number) => ReactNode
}

/** A list that comes page by page: its lines, what there is to wait for, and what went wrong. */
export function Paged<T>({ pages, empty, label, children }: PagedProps<T>) {
  const { t } = useTranslation()
  const { items, error, isBusy, hasMore, more } = pages
  return (
    <div className={css.section} aria-busy={isBusy}>
      {items !== undefined && items.length > 0 && (
        <ul ref={keepFocus} className={css.list} aria-label={label}>
          {items.map(children)}
        </ul>
      )}
      {items?.length === 0 && error === undefined && empty !== undefined && <p className={css.empty}>{empty}</p>}
      <Fault error={error} />
      {error !== undefined && <Button onClick={more}>{t('common.retry')}</Button>}
      {error === undefined && hasMore && (
        <Button disabled={isBusy} onClick={more}>
          {t('group.more')}
        </Button>
      )}
    </div>
  )
}
