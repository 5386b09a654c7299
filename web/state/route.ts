import { useSyncExternalStore } from 'react'

/** What the address says: which chat is open. It is in the fragment, so that the way back is the browser's. */
const read = () => location.hash.slice(1)

function subscribe(listener: () => void) {
  addEventListener('hashchange', listener)
  addEventListener('popstate', listener)
  return () => {
    removeEventListener('hashchange', listener)
    removeEventListener('popstate', listener)
  }
}

export const useOpenChatId = (): string | undefined => useSyncExternalStore(subscribe, read) || undefined

export const addressOf = (chatId: string): string => `#${chatId}`

export function openChat(chatId: string): void {
  if (read() !== chatId) location.hash = chatId
}

export function closeChat(): void {
  history.replaceState(null, '', location.pathname + location.search)
  dispatchEvent(new PopStateEvent('popstate'))
}

/** The person who is to be written to: that of an invitation. */
export const invitedBy = (): string | undefined => new URLSearchParams(location.search).get('with')?.replace(/^@/, '') || undefined

export function forgetInvitation(): void {
  history.replaceState(null, '', location.pathname + location.hash)
}

export const invitationOf = (username: string): string => `${location.origin}/?with=${encodeURIComponent(username)}`
