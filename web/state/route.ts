import { useSyncExternalStore } from 'react'
import { fragment, goBackTo, goTo } from './layers.ts'
import { wantedPlace } from './place.ts'

/** What the address says, in the fragment: `#/c/<chat>`, `#/c/<chat>/m/<seq>`; `#<chat>` is an older form. */
const parts = (hash: string) => /^#(?:\/c\/)?([\w-]+)(?:\/m\/(\d+))?$/.exec(hash)
const read = () => parts(fragment())?.[1] ?? ''

function noteMessage(): void {
  const [, chatId, seq] = parts(location.hash) ?? []
  if (chatId !== undefined && seq !== undefined) wantedPlace.set({ chatId, seq: Number(seq) })
}
noteMessage()
addEventListener('hashchange', noteMessage)

function subscribe(listener: () => void) {
  addEventListener('hashchange', listener)
  addEventListener('popstate', listener)
  return () => {
    removeEventListener('hashchange', listener)
    removeEventListener('popstate', listener)
  }
}

export const openChatId = (): string | undefined => read() || undefined
export const useOpenChatId = (): string | undefined => useSyncExternalStore(subscribe, read) || undefined

export const addressOf = (chatId: string): string => `#/c/${chatId}`

const listAddress = () => location.pathname + location.search

export function openChat(chatId: string): void {
  if (read() !== chatId) goTo(addressOf(chatId), read() === '' ? { under: listAddress() } : null)
}

export const closeChat = (): void => goBackTo(listAddress())

/** The user who is to be written to: that of an invitation, `/?with=` or `#/u/`. */
export function invitedBy(): string | undefined {
  const name = new URLSearchParams(location.search).get('with') ?? /^#\/u\/([^/]+)$/.exec(location.hash)?.[1]
  return name?.replace(/^@/, '') || undefined
}

export function forgetInvitation(): void {
  const hash = location.hash.startsWith('#/u/') ? '' : location.hash
  history.replaceState(history.state, '', location.pathname + hash)
}

/** Settings have an address for each of their tabs: `#/settings/<tab>`; so has the administration: `#/admin/<tab>`. */
export const settingsAddress = (tab?: string): string => (tab ? `#/settings/${tab}` : '#/settings')
export const adminAddress = (tab?: string): string => (tab ? `#/admin/${tab}` : '#/admin')
export function addressedLayer(): { readonly kind: 'settings' | 'admin'; readonly tab: string } | undefined {
  const [, kind, tab = ''] = /^#\/(settings|admin)(?:\/(\w*))?$/.exec(location.hash) ?? []
  return kind === 'settings' || kind === 'admin' ? { kind, tab } : undefined
}

const CODE = /^#\/join\/([\w-]+)$/
/** The code of an invitation to a group. */
export const invitationCode = (): string | undefined => CODE.exec(location.hash)?.[1]
export const forgetCode = (): void => history.replaceState(history.state, '', listAddress())

export const invitationOf = (username: string): string => `${location.origin}/?with=${encodeURIComponent(username)}`
