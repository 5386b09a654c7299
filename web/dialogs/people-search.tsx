import { type ReactNode, useState } from 'react'
import type { Person } from '../../src/client/index.ts'
import { useClient, useMe } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { moveFocus } from '../shell/move-focus.ts'
import { errorText } from '../state/problem-text.ts'
import { isSearchable, useSearch } from '../state/use-search.ts'
import { Field } from '../ui/field.tsx'
import css from './parts.module.css'

interface PeopleSearchProps {
  /** One who was found, as a line of the list. */
  readonly children: (person: Person) => ReactNode
}

/** Finds people; before anything is typed, whoever there is. */
export function PeopleSearch({ children }: PeopleSearchProps) {
  const { t } = useTranslation()
  const { people } = useClient()
  const isGuest = useMe()?.kind === 'guest'
  const [query, setQuery] = useState('')
  const wanted = query.trim()
  const asked = wanted === '' || isSearchable(wanted) ? wanted : undefined
  const { found, error, isBusy } = useSearch(asked, (text, signal) => people.find(text, { signal, limit: 30 }))
  return (
    <div role="group" aria-label={t('newChat.find')} className={css.section} onKeyDown={moveFocus}>
      <Field
        label={t('newChat.find')}
        type="search"
        value={query}
        autoComplete="off"
        autoFocus
        onChange={(event) => setQuery(event.target.value)}
      />
      {isGuest && <p className={css.quiet}>{t('safety.guestFinds')}</p>}
      <ul className={css.list} aria-busy={isBusy}>
        {found?.items.map((person) => (
          <li key={person.id}>{children(person)}</li>
        ))}
      </ul>
      {error !== undefined && <p className={css.fault}>{errorText(error)}</p>}
      {asked === undefined && <p className={css.empty}>{t('nav.typeMore')}</p>}
      {found?.items.length === 0 && !(isGuest && wanted === '') && (
        <p className={css.empty}>{wanted === '' ? t('nav.alone') : t('newChat.nobody')}</p>
      )}
    </div>
  )
}
