import { useMemo } from 'react'
import type { ChatItem, Message, Person } from '../../../src/client/index.ts'
import { useClient, useMe, useStore } from '../../../src/client/react.ts'
import { shortTime } from '../../i18n/times.ts'
import { useTranslation, type Words } from '../../i18n/use-translation.ts'
import { openDialog } from '../../state/dialog.ts'
import { finding } from '../../state/finding.ts'
import { useWords } from '../../state/message-words.ts'
import { tell } from '../../state/notices.ts'
import { panel } from '../../state/panel.ts'
import { wantedPlace } from '../../state/place.ts'
import { errorText } from '../../state/problem-text.ts'
import { openChat, openChatId } from '../../state/route.ts'
import { useAuthorOf, useNameOf } from '../../state/titles.ts'
import { isSearchable, useSearch } from '../../state/use-search.ts'

export interface Option {
  readonly id: string
  readonly section: 'recent' | 'chats' | 'people' | 'messages' | 'commands'
  readonly title: string
  readonly note: string
  /** What its avatar is made from; commands have none. */
  readonly avatar?: { readonly id: string; readonly isGroup: boolean }
  readonly time?: string
  readonly run: () => void
}

const RECENT = 8

/** What the palette offers: what is known here at once, what the server finds below it. */
export function useOptions(typed: string): { readonly options: readonly Option[]; readonly isBusy: boolean; readonly error: unknown } {
  const client = useClient()
  const make = useMakers()
  const { items } = useStore(client.chats)
  const kind = typed[0] === '>' ? 'commands' : typed[0] === '@' ? 'people' : typed[0] === '#' ? 'groups' : 'all'
  const query = (kind === 'all' ? typed : typed.slice(1)).trim()
  const asked = kind !== 'commands' && isSearchable(query) ? `${kind} ${query}` : undefined

  const { found, error, isBusy } = useSearch(asked, async (_, signal) => {
    const none = { items: [] }
    const [chats, people, messages] = await Promise.all([
      kind === 'people' ? none : client.chats.find(query, { signal, limit: 8, ...(kind === 'groups' && { kind: 'group' }) }),
      kind === 'groups' ? none : client.people.find(query, { signal, limit: 8 }),
      kind === 'all' ? client.search(query, { signal, limit: 20 }) : none,
    ])
    return { asked, chats: chats.items, people: people.items, messages: messages.items }
  })

  const options = useMemo(() => {
    if (kind === 'commands') return make.commands.filter(({ title }) => includes(title, query))
    const ofKind = items.filter((item) => kind === 'all' || (kind === 'groups') === (item.kind === 'group'))
    if (query === '') return ofKind.slice(0, RECENT).map((item) => make.chat(item, 'recent'))
    const local = ofKind
      .filter((item) => includes(make.titleOf(item), query) || includes(item.partner?.username ?? '', query))
      .slice(0, RECENT)
    const here = found?.asked === asked ? found : undefined
    const known = new Set(local.map(({ id }) => id))
    const partners = new Set(items.map(({ partner }) => partner?.id))
    return [
      ...local.map((item) => make.chat(item, 'chats')),
      ...(here?.chats ?? []).filter(({ id }) => !known.has(id)).map((item) => make.chat(item, 'chats')),
      ...exactFirst(here?.people ?? [], query)
        .filter(({ id }) => !partners.has(id))
        .map((person) => make.person(person)),
      ...(here?.messages ?? []).map((message) => make.message(message, items)),
    ]
  }, [kind, query, items, found, asked, make])
  return { options, isBusy, error }
}

const includes = (text: string, part: string) => text.toLocaleLowerCase().includes(part.toLocaleLowerCase())

/** A whole username comes before similar ones. */
const exactFirst = (people: readonly Person[], query: string) =>
  people.toSorted((a, b) => Number(b.username === query.toLowerCase()) - Number(a.username === query.toLowerCase()))

function useMakers() {
  const client = useClient()
  const { t, i18n } = useTranslation()
  const authorOf = useAuthorOf()
  const nameOf = useNameOf()
  const { short } = useWords()
  const isAdmin = useMe()?.isAdmin === true
  return useMemo(() => {
    const titleOf = (item: ChatItem) => nameOf(item.kind === 'group' ? item : item.partner)
    const write = async (person: Person) => {
      try {
        openChat((await client.chats.openPrivate(person.id)).id)
      } catch (error) {
        tell(errorText(error), { isFault: true })
      }
    }
    return {
      titleOf,
      chat: (item: ChatItem, section: 'recent' | 'chats'): Option => ({
        id: item.id,
        section,
        title: titleOf(item),
        note:
          item.kind === 'group'
            ? t('chat.members', { count: item.memberCount })
            : item.partner?.username
              ? `@${item.partner.username}`
              : '',
        avatar: { id: item.partner?.id ?? item.id, isGroup: item.kind === 'group' },
        run: () => openChat(item.id),
      }),
      person: (person: Person): Option => ({
        id: person.id,
        section: 'people',
        title: nameOf(person),
        note: `@${person.username ?? ''}`,
        avatar: { id: person.id, isGroup: false },
        run: () => void write(person),
      }),
      message: (message: Message, items: readonly ChatItem[]): Option => {
        const chat = items.find(({ id }) => id === message.chatId)
        const author = authorOf(message.sender)
        return {
          id: message.id,
          section: 'messages',
          title: chat ? titleOf(chat) : author,
          note: `${author}: ${short(message, message.chatId) ?? ''}`,
          avatar: { id: chat?.partner?.id ?? message.chatId, isGroup: chat?.kind === 'group' },
          time: shortTime(i18n.language, message.at),
          run() {
            wantedPlace.set({ chatId: message.chatId, seq: message.seq })
            openChat(message.chatId)
          },
        }
      },
      commands: commandsOf(t, isAdmin),
    }
  }, [client, t, i18n.language, authorOf, nameOf, short, isAdmin])
}

const command = (id: string, title: string, note: string, run: () => void): Option => ({ id, section: 'commands', title, note, run })

function commandsOf(t: Words['t'], isAdmin: boolean): readonly Option[] {
  const here = openChatId()
  return [
    command('new-chat', t('nav.newChat'), 'Ctrl Shift O', () => openDialog({ kind: 'new-chat' })),
    command('settings', t('nav.settings'), '', () => openDialog({ kind: 'settings' })),
    ...(isAdmin ? [command('admin', t('nav.admin'), '', () => openDialog({ kind: 'admin' }))] : []),
    ...(here
      ? [
          command('search', t('chat.searchHere'), 'Ctrl F', () => finding.set(here)),
          command('details', t('chat.info'), '', () => panel.set({ kind: 'details', chatId: here })),
        ]
      : []),
  ]
}
