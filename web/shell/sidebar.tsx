import { Search, SquarePen, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { AskForNotifications } from '../notify/ask.tsx'
import { openDialog } from '../state/dialog.ts'
import { filters, listFilter, places } from '../state/list-filter.ts'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { ChatList } from './chat-list.tsx'
import { Mentions } from './mentions.tsx'
import { moveFocus } from './move-focus.ts'
import { SearchResults } from './search-results.tsx'
import css from './sidebar.module.css'
import { UpdateOffer } from './update-offer.tsx'
import { SEARCH_FIELD } from './use-shortcuts.ts'

export function Sidebar({ openId }: { readonly openId: string | undefined }) {
  const { t } = useTranslation()
  const me = useStore(useClient().account.me)
  const [query, setQuery] = useState('')
  const filter = useStore(listFilter)
  return (
    <div role="presentation" className={css.sidebar} onKeyDown={moveFocus}>
      <header className={css.head}>
        <button
          type="button"
          className={css.me}
          aria-label={t('nav.me')}
          title={t('nav.settings')}
          onClick={() => openDialog({ kind: 'settings' })}
        >
          <Avatar id={me?.id ?? ''} name={me?.name ?? '·'} size={36} />
        </button>
        <h1>{t('nav.chats')}</h1>
        <IconButton label={t('nav.newChat')} onClick={() => openDialog({ kind: 'new-chat' })}>
          <SquarePen size={20} />
        </IconButton>
      </header>
      <search className={css.search}>
        <Search size={17} aria-hidden="true" />
        <input
          id={SEARCH_FIELD}
          type="search"
          enterKeyHint="search"
          autoComplete="off"
          placeholder={t('nav.search')}
          aria-label={t('nav.search')}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && setQuery('')}
        />
        {query && (
          <IconButton label={t('nav.clearSearch')} onClick={() => setQuery('')}>
            <X size={16} />
          </IconButton>
        )}
      </search>
      {query.trim() ? (
        <SearchResults query={query.trim()} onDone={() => setQuery('')} />
      ) : (
        <div className={css.chats}>
          <div>
            <UpdateOffer />
            <AskForNotifications />
            <Filters />
          </div>
          {filter === 'mentions' ? <Mentions /> : <ChatList openId={openId} />}
        </div>
      )}
    </div>
  )
}

function Filters() {
  const { t } = useTranslation()
  const chosen = useStore(listFilter)
  const row = useRef<HTMLDivElement>(null)
  // On a phone they are wider than the screen. In newer browsers scrolling returns a promise, which ends no effect.
  useEffect(() => {
    row.current?.querySelector('[aria-pressed=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [chosen])
  return (
    <div ref={row} className={css.filters} role="group" aria-label={t('nav.filter.label')}>
      {filters.map((filter) => (
        <button key={filter} type="button" className={css.filter} aria-pressed={filter === chosen} onClick={() => listFilter.set(filter)}>
          {t(`nav.filter.${filter}`)}
        </button>
      ))}
      {places.map((place) => (
        <button
          key={place}
          type="button"
          className={classes(css.filter, css.place)}
          aria-pressed={place === chosen}
          onClick={() => listFilter.set(place)}
        >
          {t(`nav.${place}`)}
        </button>
      ))}
    </div>
  )
}
