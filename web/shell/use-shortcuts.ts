import { useEffect } from 'react'
import { useClient } from '../../src/client/react.ts'
import { dialog, openDialog } from '../state/dialog.ts'
import { finding } from '../state/finding.ts'
import { openChat, openChatId } from '../state/route.ts'
import { focusComposer } from './use-typing-keys.ts'

export const SEARCH_FIELD = 'search-all'

type Does = (event: KeyboardEvent) => boolean

/** What keys do wherever the focus is; a key whose deed does not apply is left to the browser. Letters by their place on the keyboard. */
export function useShortcuts(): void {
  const { chats } = useClient()
  useEffect(() => {
    const go = (step: 1 | -1, isUnread: boolean): boolean => {
      const { items } = chats.get()
      const at = items.findIndex(({ id }) => id === openChatId())
      const order = step > 0 ? items.slice(at + 1) : items.slice(0, Math.max(at, 0)).toReversed()
      const next = order.find(({ unread }) => !isUnread || unread > 0)
      if (next) openChat(next.id)
      return true
    }
    const keys: Readonly<Record<string, Does>> = {
      'Ctrl KeyK': () => show(() => openDialog({ kind: 'palette' })),
      'Ctrl KeyF': findHere,
      'Ctrl Shift KeyO': () => show(() => openDialog({ kind: 'new-chat' })),
      'Ctrl Slash': () => show(() => openDialog({ kind: 'settings', tab: 'keyboard' })),
      'Alt ArrowUp': () => go(-1, false),
      'Alt ArrowDown': () => go(1, false),
      'Alt Shift ArrowUp': () => go(-1, true),
      'Alt Shift ArrowDown': () => go(1, true),
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
  }, [chats])
}

/** The search of the open chat; once more, that of the browser. */
function findHere(): boolean {
  const chatId = openChatId()
  if (chatId === undefined || finding.get() === chatId) return false
  finding.set(chatId)
  return true
}

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
