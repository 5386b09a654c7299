import { useEffect } from 'react'
import type { ChatClient, ChatItem, ClientEvents } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { followNotices, useMuted, wantsNotice } from '../state/chat-notices.ts'
import { useWords } from '../state/message-words.ts'
import { tell } from '../state/notices.ts'
import { openChat } from '../state/route.ts'
import { useAttention } from '../state/use-attention.ts'
import { showBadge } from './badge.ts'
import { permission } from './permission.ts'
import { keepPush } from './push.ts'
import { ring } from './sounds.ts'
import { attentionTo, becomeSpeaker, beVisible, lookAt } from './tabs.ts'

/**
 * Tells of new messages: nothing while the user looks at their chat, a sound while any tab is in sight, else a notification of the
 * system. Of several tabs one speaks.
 */
export function useNotify(openId: string | undefined): void {
  const client = useClient()
  const { t } = useTranslation()
  const unread = useUnmutedUnread()
  const allowed = useStore(permission)
  const { short } = useWords()
  const hasAttention = useAttention()
  useEffect(() => showBadge(unread), [unread])
  useEffect(() => (hasAttention && openId !== undefined ? lookAt(openId) : undefined), [hasAttention, openId])
  useEffect(whileVisible, [])
  useEffect(() => fromWorker(client), [client])
  useEffect(() => followNotices(client), [client])
  useEffect(
    () =>
      client.on('signed-in', ({ deviceName, network }) =>
        tell(t('notify.signedIn', { device: deviceName ?? t('notify.unknownDevice'), network })),
      ),
    [client, t],
  )
  useEffect(() => {
    if (allowed === 'granted') void keepPush(client)
  }, [client, allowed])

  useEffect(() => {
    let isSpeaker = false
    const leave = becomeSpeaker(() => {
      isSpeaker = true
    })
    const stop = client.on('message', (told) => {
      if (isSpeaker && !told.isMine) void itemOf(client, told.chatId).then((item) => tellOf(told, item))
    })
    async function tellOf({ chatId, message }: ClientEvents['message'], item: ChatItem | undefined) {
      const { isVisible, isLookedAt } = await attentionTo(chatId)
      if (isLookedAt || item === undefined || !(await wantsNotice(client, item, message))) return
      ring()
      if (isVisible || permission.get() !== 'granted') return
      const who = message.sender.name ?? t('chat.deletedPerson')
      const title = item.kind === 'group' ? (item.name ?? '') : who
      const text = short(message, chatId) ?? ''
      await show(chatId, title, item.kind === 'group' ? `${who}: ${text}` : text)
    }
    return () => {
      stop()
      leave()
    }
  }, [client, t, short])
}

/** For so long a chat of which the first message came is waited for. */
const KNOWN_MS = 10_000

/** What the list shows of a chat: at once, or when the service has answered what a new chat is. */
function itemOf(client: ChatClient, chatId: string): Promise<ChatItem | undefined> {
  const { item } = client.chat(chatId)
  const { promise, resolve } = Promise.withResolvers<ChatItem | undefined>()
  const look = () => item.get() && resolve(item.get())
  const stop = item.subscribe(look)
  const timer = setTimeout(() => resolve(undefined), KNOWN_MS)
  look()
  return promise.finally(() => {
    stop()
    clearTimeout(timer)
  })
}

/** By the worker where there is one: phones know no other way. A later notification of a chat takes the place of an earlier one. */
async function show(chatId: string, title: string, body: string): Promise<void> {
  const options = { body, tag: chatId, icon: '/icon-192.png', badge: '/icon-192.png', data: { chatId } }
  const registration = await navigator.serviceWorker?.getRegistration()
  if (registration?.active) return registration.showNotification(title, options)
  const shown = new Notification(title, options)
  shown.onclick = () => {
    focus()
    openChat(chatId)
    shown.close()
  }
}

function whileVisible(): () => void {
  let leave: (() => void) | undefined
  const look = () => {
    leave?.()
    leave = document.visibilityState === 'visible' ? beVisible() : undefined
  }
  look()
  document.addEventListener('visibilitychange', look)
  return () => {
    document.removeEventListener('visibilitychange', look)
    leave?.()
  }
}

/** A notification was pressed, or the browser has another address for pushes. */
function fromWorker(client: ChatClient): () => void {
  const hear = ({ data }: MessageEvent<{ readonly openChat?: string; readonly keepPush?: boolean }>) => {
    if (typeof data?.openChat === 'string') openChat(data.openChat)
    if (data?.keepPush) void keepPush(client)
  }
  navigator.serviceWorker?.addEventListener('message', hear)
  return () => navigator.serviceWorker?.removeEventListener('message', hear)
}

/** Unread messages of all chats that are not muted. */
export function useUnmutedUnread(): number {
  const { unread, items } = useStore(useClient().chats)
  const muted = useMuted()
  return items.reduce((sum, item) => (muted.has(item.id) ? sum - item.unread : sum), unread)
}
