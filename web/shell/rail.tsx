import { Archive, AtSign, MessageCircle, MessageCircleDashed, Search, Settings, ShieldCheck, UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { openDialog } from '../state/dialog.ts'
import { type Filter, listFilter } from '../state/list-filter.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Hidden } from '../ui/hidden.tsx'
import css from './rail.module.css'

/** The main places, beside the list where there is room. */
export function Rail() {
  const { t } = useTranslation()
  const { account, chats } = useClient()
  const me = useStore(account.me)
  const { unread, unreadMentions } = useStore(chats)
  const filter = useStore(listFilter)
  const to = (next: Filter) => () => listFilter.set(next)
  return (
    <div className={css.rail}>
      <button
        type="button"
        className={css.me}
        aria-label={t('settings.tab.profile')}
        title={t('settings.tab.profile')}
        onClick={() => openDialog({ kind: 'settings', tab: 'profile' })}
      >
        <Avatar id={me?.id ?? ''} name={me?.name ?? '·'} size={36} />
      </button>
      <Place label={t('nav.chats')} isHere={filter === 'all' || filter === 'groups'} onGo={to('all')}>
        <MessageCircle size={22} />
      </Place>
      <Place label={t('nav.filter.unread')} isHere={filter === 'unread'} count={unread} onGo={to('unread')}>
        <MessageCircleDashed size={22} />
      </Place>
      <Place label={t('nav.mentions')} isHere={filter === 'mentions'} count={unreadMentions} onGo={to('mentions')}>
        <AtSign size={22} />
      </Place>
      <Place label={t('nav.archive')} isHere={filter === 'archive'} onGo={to('archive')}>
        <Archive size={22} />
      </Place>
      <span className={css.grow} />
      {me?.isAdmin && (
        <Place label={t('nav.admin')} onGo={() => openDialog({ kind: 'admin' })}>
          <ShieldCheck size={22} />
        </Place>
      )}
      <Place label={t('nav.settings')} onGo={() => openDialog({ kind: 'settings' })}>
        <Settings size={22} />
      </Place>
    </div>
  )
}

/** The same at the bottom of a phone. */
export function BottomBar() {
  const { t } = useTranslation()
  const { unread } = useStore(useClient().chats)
  return (
    <div className={css.bottom}>
      <Place label={t('nav.chats')} isHere count={unread} isNamed onGo={() => listFilter.set('all')}>
        <MessageCircle size={22} />
      </Place>
      <Place label={t('nav.search')} isNamed onGo={() => openDialog({ kind: 'palette' })}>
        <Search size={22} />
      </Place>
      <Place label={t('nav.me')} isNamed onGo={() => openDialog({ kind: 'settings' })}>
        <UserRound size={22} />
      </Place>
    </div>
  )
}

interface PlaceProps {
  readonly label: string
  readonly isHere?: boolean
  readonly count?: number
  /** Whether its name stands below the picture. */
  readonly isNamed?: boolean
  readonly onGo: () => void
  readonly children: ReactNode
}

function Place({ label, isHere = false, count = 0, isNamed = false, onGo, children }: PlaceProps) {
  const { t } = useTranslation()
  return (
    <button type="button" className={css.place} title={isNamed ? undefined : label} aria-current={isHere || undefined} onClick={onGo}>
      <span className={css.picture} aria-hidden="true">
        {children}
        {count > 0 && (
          <span className={css.count} data-badge="">
            {count > 99 ? '99+' : count}
          </span>
        )}
      </span>
      {isNamed ? <span className={css.name}>{label}</span> : <Hidden>{label}</Hidden>}
      {count > 0 && <Hidden>{`, ${t('nav.unread', { count })}`}</Hidden>}
    </button>
  )
}
