import { ArrowLeft, Info, Search } from 'lucide-react'
import type { Chat, ChatItem } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { finding } from '../state/finding.ts'
import { panel, togglePanel } from '../state/panel.ts'
import { useOnline, usePresenceWords } from '../state/presence.ts'
import { closeChat } from '../state/route.ts'
import { useTitle } from '../state/titles.ts'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import css from './chat-header.module.css'

export function ChatHeader({ chat, item }: { readonly chat: Chat; readonly item: ChatItem | undefined }) {
  const { t } = useTranslation()
  const title = useTitle(item)
  const isOnline = useOnline(item?.partner?.id)
  const isOpen = useStore(panel)?.chatId === chat.id
  const isFinding = useStore(finding) === chat.id
  const toggle = () => togglePanel({ kind: 'details', chatId: chat.id })
  const about = item?.kind === 'private' ? t('chat.aboutPartner') : t('chat.details')
  return (
    <header className={css.header}>
      <IconButton label={t('nav.back')} className={css.back} onClick={closeChat}>
        <ArrowLeft size={21} />
      </IconButton>
      <h1 className={css.about}>
        {item && (
          <button type="button" title={about} onClick={toggle}>
            <Avatar id={item.partner?.id ?? item.id} name={title} isGroup={item.kind === 'group'} isOnline={isOnline} size={40} />
            <span className={css.words}>
              <bdi className={css.title}>{title}</bdi>
              {item.kind === 'group' ? <GroupWords chat={chat} item={item} /> : <PersonWords item={item} />}
            </span>
          </button>
        )}
      </h1>
      <IconButton label={t('chat.searchHere')} aria-pressed={isFinding} onClick={() => finding.set(isFinding ? undefined : chat.id)}>
        <Search size={20} />
      </IconButton>
      <IconButton label={about} className={css.info} aria-pressed={isOpen} onClick={toggle}>
        <Info size={20} />
      </IconButton>
    </header>
  )
}

function PersonWords({ item }: { readonly item: ChatItem }) {
  const words = usePresenceWords(item.partner)
  return <span className={css.quiet}>{words ?? (item.partner?.username && `@${item.partner.username}`)}</span>
}

function GroupWords({ chat, item }: { readonly chat: Chat; readonly item: ChatItem }) {
  const { t } = useTranslation()
  const { items } = useStore(chat.members)
  const presence = useStore(useClient().people.presence)
  const online = items.filter(({ person }) => presence.get(person.id)?.isOnline).length
  return (
    <span className={classes(css.quiet, css.counts)}>
      <span>{t('chat.members', { count: item.memberCount })}</span>
      {online > 0 && <span>{` · ${t('chat.onlineCount', { count: online })}`}</span>}
    </span>
  )
}
