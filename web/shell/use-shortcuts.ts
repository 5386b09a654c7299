import { useEffect } from 'react'
import type { ChatClient, ChatItem } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import { toggleMuted } from '../state/chat-notices.ts'
import { dialog, openDialog } from '../state/dialog.ts'
import { draftOf, keepDraft } from '../state/drafts.ts'
import { finding } from '../state/finding.ts'
import { isUnread, listFilter, listOf, passes } from '../state/list-filter.ts'
import { openChat, openChatId } from '../state/route.ts'
import { focusComposer } from './use-typing-keys.ts'

export const SEARCH_FIELD = 'search-all'

type Does = (event: KeyboardEvent) => boolean

/** What keys do wherever the focus is; a key whose deed does not apply is left to the browser. Letters by their place on the keyboard. */
export function useShortcuts(): void {
  const client = useClient()
  useEffect(() => {
    const go = (step: 1 | -1, isSought: (item: ChatItem) => boolean = () => true) =>
      show(() => void goFrom(client, step, isSought).catch(() => undefined))
    const keys: Readonly<Record<string, Does>> = {
      'Ctrl KeyK': () => show(() => openDialog({ kind: 'palette' })),
      'Ctrl KeyF': findHere,
      'Ctrl Shift KeyO': () => show(() => openDialog({ kind: 'new-chat' })),
      'Ctrl Shift KeyM': () => inChat((chatId) => void toggleMuted(client, chatId)),
      'Ctrl ArrowUp': () => inChat((chatId) => replyToLast(client, chatId)),
      'Ctrl Slash': () => show(() => openDialog({ kind: 'settings', tab: 'keyboard' })),
      'Alt ArrowUp': () => go(-1),
      'Alt ArrowDown': () => go(1),
      'Alt Shift ArrowUp': () => go(-1, isUnread),
      'Alt Shift ArrowDown': () => go(1, isUnread),
      'F6': nextRegion,
    }
    function onKeyDown(event: KeyboardEvent) {
      if (dialog.get() || event.isComposing) return
      const parts = [(event.ctrlKey || event.metaKey) && 'Ctrl', event.altKey && 'Alt', event.shiftKey && 'Shift', event.code]
      const does = keys[parts.filter(Boolean).join(' ')]
      if (does?.(event)) event.preventDefault()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [client])
}

/** Opens the next chat of those that the list shows, which comes in pages. */
async function goFrom({ chats }: ChatClient, step: 1 | -1, isSought: (item: ChatItem) => boolean): Promise<void> {
  const list = listOf(chats, listFilter.get())
  for (;;) {
    const openId = openChatId()
    const { items, hasMore } = list.get()
    const shown = items.filter((item) => passes(listFilter.get(), item, openId))
    const at = shown.findIndex(({ id }) => id === openId)
    const next = step > 0 ? shown.slice(at + 1).find(isSought) : shown.slice(0, Math.max(at, 0)).findLast(isSought)
    if (next) return openChat(next.id)
    if (step < 0 || !hasMore) return
    await list.loadMore()
  }
}

/** The search of the open chat; once more, that of the browser. */
function findHere(): boolean {
  const chatId = openChatId()
  if (chatId === undefined || finding.get() === chatId) return false
  finding.set(chatId)
  return true
}

function inChat(run: (chatId: string) => void): boolean {
  const chatId = openChatId()
  if (chatId !== undefined) run(chatId)
  return chatId !== undefined
}

function replyToLast(client: ChatClient, chatId: string): void {
  const last = client
    .chat(chatId)
    .timeline.get()
    .rows.findLast(({ id, text }) => id !== undefined && text !== undefined)
  const userId = client.account.me.get()?.id ?? ''
  if (last && isWritable()) keepDraft(userId, chatId, { text: '', ...draftOf(userId, chatId), replyTo: last.id })
}

const isWritable = () => document.querySelector('main textarea:not([aria-busy=true])') !== null

function show(run: () => void): true {
  run()
  return true
}

/** From the list to the messages to the composer; from there F6 is the browser's. */
function nextRegion(): boolean {
  const { activeElement } = document
  if (activeElement?.closest('nav')) document.querySelector<HTMLElement>('main article[tabindex="0"]')?.focus()
  else if (activeElement?.closest('[role=feed]')) focusComposer()
  else if (activeElement?.closest('main textarea')) return false
  else document.querySelector<HTMLElement>('nav li a[tabindex="0"]')?.focus()
  return true
}
