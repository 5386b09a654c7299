import type { ReactNode } from 'react'
import type { ChatClient, ChatItem, Message, Person } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import { shortTime } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { noted } from '../state/pictures.ts'
import { wantedPlace } from '../state/place.ts'
import { errorText } from '../state/problem-text.ts'
import { openChat } from '../state/route.ts'
import { useAuthorOf, useTitle } from '../state/titles.ts'
import { isSearchable, useSearch } from '../state/use-search.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Excerpt } from '../ui/excerpt.tsx'
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

  function show({ chatId, seq }: Message) {
    wantedPlace.set({ chatId, seq })
    openChat(chatId)
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
              <Hit
                key={person.id}
                id={person.id}
                name={person.name ?? ''}
                note={`@${person.username ?? ''}`}
                onOpen={() => void write(person)}
              />
            ))}
          </Section>
          <Section title={t('nav.messages')} count={found.messages.length}>
            {found.messages.map((message) => (
              <MessageHit
                key={message.id}
                message={message}
                chat={found.places.get(message.chatId)}
                query={query}
                onOpen={() => show(message)}
              />
            ))}
          </Section>
        </>
      )}
    </div>
  )
}

/** The chats that messages were found in; those that the list has not come to are asked for. */
async function placesOf(messages: readonly Message[], { chat, chats }: ChatClient, signal: AbortSignal): Promise<Map<string, ChatItem>> {
  const ids = [...new Set(messages.map(({ chatId }) => chatId))]
  const itemOf = async (id: string) => chat(id).item.get() ?? chats.load(id, { signal }).catch(() => undefined)
  const items = await Promise.all(ids.map(itemOf))
  return new Map(items.flatMap((item) => (item ? [[item.id, item] as const] : [])))
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

interface HitProps {
  readonly id: string
  readonly name: string
  readonly note: ReactNode
  readonly isGroup?: boolean
  readonly time?: string
  readonly onOpen: () => void
}

function Hit({ id, name, note, isGroup = false, time, onOpen }: HitProps) {
  return (
    <li>
      <button type="button" className={css.hit} data-stop="" onClick={onOpen}>
        <Avatar id={id} name={name} isGroup={isGroup} size={40} />
        <span className={css.text}>
          <span className={css.name}>
            <bdi>{name}</bdi>
            {time && <time>{time}</time>}
          </span>
          <bdi className={css.note}>{note}</bdi>
        </span>
      </button>
    </li>
  )
}

function ChatHit({ item, onOpen }: { readonly item: ChatItem; readonly onOpen: () => void }) {
  const { t } = useTranslation()
  const title = useTitle(item)
  const note = item.lastMessage?.text ?? t('chat.members', { count: item.memberCount })
  return <Hit id={item.partner?.id ?? item.id} name={title} isGroup={item.kind === 'group'} note={note} onOpen={onOpen} />
}

interface MessageHitProps {
  readonly message: Message
  /** Where it was found; undefined if that is no longer one's own. */
  readonly chat: ChatItem | undefined
  readonly query: string
  readonly onOpen: () => void
}

/** A message under the name of its chat. Who wrote it is said where that name does not say it. */
function MessageHit({ message, chat, query, onOpen }: MessageHitProps) {
  const { i18n } = useTranslation()
  const title = useTitle(chat)
  const { sender } = message
  const who = useAuthorOf()(sender)
  const isPartner = chat?.partner?.id === sender.id
  return (
    <Hit
      id={chat ? (chat.partner?.id ?? chat.id) : sender.id}
      name={chat ? title : who}
      isGroup={chat?.kind === 'group'}
      time={shortTime(i18n.language, message.at)}
      note={
        <>
          {chat && !isPartner && <span className={css.who}>{who}: </span>}
          <Excerpt text={message.text ?? ''} query={query} />
        </>
      }
      onOpen={onOpen}
    />
  )
}
