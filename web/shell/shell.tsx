import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, useStore } from '../../src/client/react.ts'
import { closeDialog, dialog } from '../state/dialog.ts'
import { useOpenChatId } from '../state/route.ts'
import { ChatView } from '../timeline/chat-view.tsx'
import { classes } from '../ui/classes.ts'
import { late } from '../ui/late.tsx'
import { Announcer } from './announcer.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { Nobody } from './nobody.tsx'
import { Notices } from './notices.tsx'
import css from './shell.module.css'
import { Sidebar } from './sidebar.tsx'
import { useGone } from './use-gone.ts'
import { useInvitation } from './use-invitation.ts'
import { useShortcuts } from './use-shortcuts.ts'
import { useStoppedFiles } from './use-stopped-files.ts'
import { useTypingKeys } from './use-typing-keys.ts'

const loadDialogs = () => import('../dialogs/dialogs.tsx')
const loadPicker = () => import('../composer/emoji-picker.tsx')
const loadMenu = () => import('../timeline/message-menu.tsx')
const Dialogs = late(loadDialogs)

export function Shell() {
  const { t } = useTranslation()
  const chatId = useOpenChatId()
  const isDialogOpen = useStore(dialog) !== undefined
  const { unread } = useStore(useClient().chats)
  useInvitation()
  useGone()
  useShortcuts()
  useTypingKeys()
  useStoppedFiles()
  usePrepared()
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${t('app.name')}` : t('app.name')
  }, [unread, t])

  return (
    <div className={classes(css.shell, chatId !== undefined && css.inChat)}>
      <a href="#main" className={css.skip} onClick={focusComposer}>
        {t('nav.skip')}
      </a>
      <ConnectionBanner />
      <div className={css.side}>
        <Sidebar openId={chatId} />
      </div>
      <main id="main" className={css.main}>
        {chatId ? <ChatView key={chatId} chatId={chatId} /> : <Nobody />}
      </main>
      {isDialogOpen && <Dialogs onClose={closeDialog} />}
      <Notices />
      <Announcer openId={chatId} />
    </div>
  )
}

function focusComposer(event: { preventDefault(): void }) {
  event.preventDefault()
  document.querySelector<HTMLElement>('main textarea, main a, main button')?.focus()
}

/** What is shown later is fetched as soon as there is nothing else to do, so that it is there when the network is not. */
function usePrepared() {
  useEffect(() => {
    const timer = setTimeout(() => void Promise.allSettled([loadDialogs(), loadMenu(), loadPicker()]), 1_500)
    return () => clearTimeout(timer)
  }, [])
}
