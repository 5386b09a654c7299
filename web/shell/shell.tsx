import { type CSSProperties, useEffect, useState } from 'react'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useNotify, useUnmutedUnread } from '../notify/use-notify.ts'
import { closeDialog, dialog } from '../state/dialog.ts'
import { closePanel, panel } from '../state/panel.ts'
import { useOpenChatId } from '../state/route.ts'
import { closeViewer, viewer } from '../state/viewer.ts'
import { ChatView } from '../timeline/chat-view.tsx'
import { classes } from '../ui/classes.ts'
import { late } from '../ui/late.tsx'
import { Announcer } from './announcer.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { Edge, keptWidth } from './edge.tsx'
import { Nobody } from './nobody.tsx'
import { Notices } from './notices.tsx'
import { BottomBar, Rail } from './rail.tsx'
import css from './shell.module.css'
import { Sidebar } from './sidebar.tsx'
import { useGone } from './use-gone.ts'
import { useInvitation } from './use-invitation.ts'
import { useJoining } from './use-joining.ts'
import { useLayerAddress } from './use-layer-address.ts'
import { useShortcuts } from './use-shortcuts.ts'
import { useStoppedFiles } from './use-stopped-files.ts'
import { useTypingKeys } from './use-typing-keys.ts'

const loadDialogs = () => import('../dialogs/dialogs.tsx')
const loadPicker = () => import('../composer/emoji-picker.tsx')
const loadMenu = () => import('../timeline/message-menu.tsx')
const loadPanel = () => import('../panel/panel.tsx')
const loadViewer = () => import('../files/viewer.tsx')
const Dialogs = late(loadDialogs)
const Panel = late(loadPanel)
const Viewer = late(loadViewer)

export function Shell() {
  const { t } = useTranslation()
  const chatId = useOpenChatId()
  const isDialogOpen = useStore(dialog) !== undefined
  const isViewing = useStore(viewer) !== undefined
  const isPanelOpen = useStore(panel)?.chatId === chatId && chatId !== undefined
  const unread = useUnmutedUnread()
  const [width, setWidth] = useState(keptWidth)
  useInvitation()
  useJoining()
  useLayerAddress()
  useGone()
  useShortcuts()
  useTypingKeys()
  useStoppedFiles()
  usePrepared()
  useNotify(chatId)
  useEffect(() => closePanel, [chatId])
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${t('app.name')}` : t('app.name')
  }, [unread, t])

  return (
    <div className={classes(css.shell, chatId !== undefined && css.inChat)}>
      <a href="#main" className={css.skip} onClick={focusComposer}>
        {t('nav.skip')}
      </a>
      <ConnectionBanner />
      <nav className={css.nav} aria-label={t('nav.chats')} style={{ '--list': `${width}rem` } as CSSProperties}>
        <Rail />
        <Sidebar openId={chatId} />
        <BottomBar />
        <Edge width={width} onWidth={setWidth} />
      </nav>
      <main id="main" className={css.main}>
        {chatId ? <ChatView key={chatId} chatId={chatId} /> : <Nobody />}
      </main>
      {isPanelOpen && (
        <div className={css.panel}>
          <Panel onClose={closePanel} />
        </div>
      )}
      {isDialogOpen && <Dialogs onClose={closeDialog} />}
      {isViewing && <Viewer onClose={closeViewer} />}
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
    const timer = setTimeout(() => void Promise.allSettled([loadDialogs(), loadPanel(), loadMenu(), loadPicker(), loadViewer()]), 1_500)
    return () => clearTimeout(timer)
  }, [])
}
