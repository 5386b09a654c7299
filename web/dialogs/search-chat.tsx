import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import { shortTime } from '../i18n/times.ts'
import { wantedPlace } from '../state/place.ts'
import { errorText } from '../state/problem-text.ts'
import { useAuthorOf } from '../state/titles.ts'
import { isSearchable, useSearch } from '../state/use-search.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Excerpt } from '../ui/excerpt.tsx'
import { Field } from '../ui/field.tsx'
import { Frame } from './frame.tsx'
import css from './parts.module.css'

export function SearchChat({ chatId, onClose }: { readonly chatId: string; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const authorOf = useAuthorOf()
  const chat = useClient().chat(chatId)
  const [query, setQuery] = useState('')
  const wanted = query.trim()
  const { found, error, isBusy } = useSearch(isSearchable(wanted) ? wanted : undefined, (text, signal) => chat.search(text, { signal }))

  function show({ seq }: Message) {
    wantedPlace.set({ chatId, seq })
    onClose()
  }

  return (
    <Frame title={t('search.title')} onClose={onClose}>
      <div className={css.body}>
        <Field
          label={t('search.field')}
          type="search"
          value={query}
          autoFocus
          autoComplete="off"
          onChange={(event) => setQuery(event.target.value)}
        />
        {error !== undefined && <p className={css.fault}>{errorText(error)}</p>}
        {found?.items.length === 0 && <p className={css.empty}>{t('nav.nothingFound', { query: wanted })}</p>}
        <ul className={css.list} aria-label={t('search.results')} aria-busy={isBusy}>
          {found?.items.map((message) => (
            <li key={message.id}>
              <button type="button" className={css.person} onClick={() => show(message)}>
                <Avatar id={message.sender.id} name={message.sender.name} size={40} />
                <span className={css.words}>
                  <span className={css.name}>{authorOf(message.sender)}</span>
                  <span className={css.quiet}>
                    <Excerpt text={message.text ?? ''} query={wanted} />
                  </span>
                </span>
                <time className={css.quiet}>{shortTime(i18n.language, message.at)}</time>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Frame>
  )
}
