import type { Chat } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useNameOf } from '../state/titles.ts'
import { type Filters, type Has, haves } from './filters.ts'
import css from './search-bar.module.css'

interface FilterFieldsProps {
  readonly chat: Chat
  readonly filters: Filters
  readonly onChange: (filters: Filters) => void
}

/** Whose messages are searched, what they have, and until when they were sent. */
export function FilterFields({ chat, filters, onChange }: FilterFieldsProps) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const { items } = useStore(chat.members)
  return (
    <>
      {items.length > 1 && (
        <select
          className={css.from}
          aria-label={t('search.from')}
          value={filters.senderId ?? ''}
          onChange={(event) => onChange({ ...filters, senderId: event.target.value || undefined })}
        >
          <option value="">{t('search.anyone')}</option>
          {items.map(({ person }) => (
            <option key={person.id} value={person.id}>
              {nameOf(person)}
            </option>
          ))}
        </select>
      )}
      <select
        className={css.from}
        aria-label={t('search.has')}
        value={filters.has}
        onChange={(event) => onChange({ ...filters, has: event.target.value as Has })}
      >
        {haves.map((has) => (
          <option key={has} value={has}>
            {t(`search.has_${has}`)}
          </option>
        ))}
      </select>
      <input
        type="date"
        className={css.from}
        aria-label={t('search.until')}
        title={t('search.until')}
        value={filters.until ?? ''}
        onChange={(event) => onChange({ ...filters, until: event.target.value || undefined })}
      />
    </>
  )
}
