import { BellOff, Pin } from 'lucide-react'
import { memo } from 'react'
import type { ChatItem } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { fullTime, shortTime } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useMuted } from '../state/chat-notices.ts'
import { useDraft } from '../state/drafts.ts'
import { useWords } from '../state/message-words.ts'
import { useOnline } from '../state/presence.ts'
import { addressOf, openChat } from '../state/route.ts'
import { useNameOf, useTitle } from '../state/titles.ts'
import { useToday } from '../state/use-now.ts'
import { StateIcon } from '../timeline/state-icon.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Hidden } from '../ui/hidden.tsx'
import css from './chat-list-item.module.css'

interface ChatListItemProps {
  readonly item: ChatItem
  readonly isOpen: boolean
  /** The one that the Tab key stops at; arrows go to the others. */
  readonly isStop: boolean
}

export const ChatListItem = memo(function ChatListItem({ item, isOpen, isStop }: ChatListItemProps) {
  const { t, i18n } = useTranslation()
  const title = useTitle(item)
  const isOnline = useOnline(item.partner?.id)
  const at = item.lastRow?.at ?? item.createdAt
  const isQuiet = useMuted().has(item.id)
  useToday()
  return (
    <a
      href={addressOf(item.id)}
      className={css.link}
      aria-current={isOpen ? 'page' : undefined}
      data-stop=""
      data-chat={item.id}
      tabIndex={isStop ? 0 : -1}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        openChat(item.id)
      }}
    >
      <Avatar id={item.partner?.id ?? item.id} name={title} isGroup={item.kind === 'group'} isOnline={isOnline} size={44} />
      <span className={css.words}>
        <span className={css.top}>
          <bdi className={css.title}>{title}</bdi>
          <time className={css.time} dateTime={new Date(at).toISOString()} title={fullTime(i18n.language, at)}>
            {shortTime(i18n.language, at)}
          </time>
        </span>
        <span className={css.bottom}>
          <Preview item={item} isOpen={isOpen} />
          {item.pinnedAt !== undefined && (
            <span role="img" aria-label={t('nav.pinned')} title={t('nav.pinned')}>
              <Pin size={14} aria-hidden="true" />
            </span>
          )}
          {isQuiet && (
            <span role="img" aria-label={t('notify.muted')} title={t('notify.muted')}>
              <BellOff size={14} aria-hidden="true" />
            </span>
          )}
          {item.unread === 0 && item.isMarkedUnread && (
            <span className={css.dot} data-badge="">
              <Hidden>{t('nav.markedUnread')}</Hidden>
            </span>
          )}
          {item.unreadMentions > 0 && (
            <span className={css.badge} data-badge="">
              <span aria-hidden="true">@</span>
              <Hidden>{t('nav.mentions', { count: item.unreadMentions })}</Hidden>
            </span>
          )}
          {item.unread > 0 && (
            <span className={css.badge} data-badge="">
              <span aria-hidden="true">{item.unread > 999 ? '999+' : item.unread}</span>
              <Hidden>{t('nav.unread', { count: item.unread })}</Hidden>
            </span>
          )}
        </span>
      </span>
    </a>
  )
})

function Preview({ item, isOpen }: { readonly item: ChatItem; readonly isOpen: boolean }) {
  const { t } = useTranslation()
  const draft = useDraft(item.id)?.text.trim()
  const nameOf = useNameOf()
  const { short } = useWords()
  const me = useStore(useClient().account.me)
  const { lastRow } = item
  if (item.typing.length > 0)
    return (
      <span className={css.typing}>{item.kind === 'group' ? t('chat.typingMany', { count: item.typing.length }) : t('chat.typing')}</span>
    )
  if (draft && !isOpen)
    return (
      <span className={css.preview}>
        <span className={css.draft}>{t('nav.draft')}:</span> <bdi>{draft}</bdi>
      </span>
    )
  if (!lastRow)
    return <span className={css.preview}>{item.kind === 'group' ? t('chat.members', { count: item.memberCount }) : t('nav.empty')}</span>
  const words = short(lastRow, item.id)
  const isMine = lastRow.isMine || lastRow.sender.id === me?.id
  const who = isMine ? t('nav.you') : item.kind === 'group' ? nameOf(lastRow.sender) : undefined
  return (
    <>
      <span className={css.preview}>
        {who && <bdi className={css.who}>{`${who}: `}</bdi>}
        {words === undefined ? <em>{t('message.deleted')}</em> : <bdi>{words}</bdi>}
      </span>
      {isMine && lastRow.text !== undefined && <StateIcon state={lastRow.state} isGroup={item.kind === 'group'} />}
    </>
  )
}
