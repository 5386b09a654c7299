import type { ReactNode } from 'react'
import type { ChatItem, Person } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useWords } from '../state/message-words.ts'
import { tell } from '../state/notices.ts'
import { noted } from '../state/pictures.ts'
import { errorText } from '../state/problem-text.ts'
import { openChat } from '../state/route.ts'
import { useNameOf, useTitle } from '../state/titles.ts'
import { isSearchable, useSearch } from '../state/use-search.ts'
import { Hit, MessageHit } from './hit.tsx'
import { placesOf, showMessage } from './places.ts'
import css from './search-results.module.css'

interface SearchResultsProps {
  readonly query: string
  readonly onDone: () => void
}

/** Chats, people and messages that contain what was typed. */
export function SearchResults({ query, onDone }: SearchResultsProps) {
  const { t } = useTranslation()
  const client = useClient()
  const { found, error, isBusy } = useSearch(isSearchable(query) ? query : undefined, async (text, signal) => {
    const [chats, people, messages] = await Promise.all([
      client.chats.find(text, { signal, limit: 8 }),
      client.people.find(text, { signal, limit: 8 }),
      client.search(text, { signal, limit: 20 }),
    ])
    const known = new Set(chats.items.map(({ partner }) => partner?.id))
    const places = await placesOf(messages.items, client, signal)
    return { chats: chats.items, people: noted(people.items).filter(({ id }) => !known.has(id)), messages: messages.items, places }
  })
  const isEmpty = found && found.chats.length + found.people.length + found.messages.length === 0

  async function write(person: Person) {
    try {
      openChat((await client.chats.openPrivate(person.id)).id)
      onDone()
    } catch (refused) {
      tell(errorText(refused), { isFault: true })
    }
  }

  return (
    <div className={css.results} aria-busy={isBusy} role="group" aria-label={t('search.results')}>
      {!isSearchable(query) && <p className={css.words}>{t('nav.typeMore')}</p>}
      {error !== undefined && <p className={css.words}>{errorText(error)}</p>}
      {isEmpty && <p className={css.words}>{t('nav.nothingFound', { query })}</p>}
      {found && (
        <>
          <Section title={t('nav.chats')} count={found.chats.length}>
            {found.chats.map((item) => (
              <ChatHit
                key={item.id}
                item={item}
                onOpen={() => {
                  openChat(item.id)
                  onDone()
                }}
              />
            ))}
          </Section>
          <Section title={t('nav.people')} count={found.people.length}>
            {found.people.map((person) => (
              <PersonHit key={person.id} person={person} onOpen={() => void write(person)} />
            ))}
          </Section>
          <Section title={t('nav.messages')} count={found.messages.length}>
            {found.messages.map((message) => (
              <MessageHit
                key={message.id}
                message={message}
                chat={found.places.get(message.chatId)}
                query={query}
                onOpen={() => showMessage(message)}
              />
            ))}
          </Section>
        </>
      )}
    </div>
  )
}

function Section({ title, count, children }: { readonly title: string; readonly count: number; readonly children: ReactNode }) {
  if (count === 0) return null
  return (
    <section className={css.section}>
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  )
}

function ChatHit({ item, onOpen }: { readonly item: ChatItem; readonly onOpen: () => void }) {
  const { t } = useTranslation()
  const title = useTitle(item)
  const { short } = useWords()
  const note = (item.lastMessage && short(item.lastMessage, item.id)) ?? t('chat.members', { count: item.memberCount })
  return <Hit id={item.partner?.id ?? item.id} name={title} isGroup={item.kind === 'group'} note={note} onOpen={onOpen} />
}

function PersonHit({ person, onOpen }: { readonly person: Person; readonly onOpen: () => void }) {
  const name = useNameOf()(person)
  return <Hit id={person.id} name={name} note={`@${person.username ?? ''}`} onOpen={onOpen} />
}
