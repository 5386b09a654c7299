import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
const drafts = new Map<string, string>()
const nameOf = (chatId: string) => `windi:draft:${chatId}`

/** What was being written in a chat. Like the session, it lives as long as the tab. */
export function draftOf(chatId: string): string {
  const known = drafts.get(chatId)
  if (known !== undefined) return known
  const text = sessionStorage.getItem(nameOf(chatId)) ?? ''
  drafts.set(chatId, text)
  return text
}

export function keepDraft(chatId: string, text: string): void {
  drafts.set(chatId, text)
  try {
    if (text.trim() === '') sessionStorage.removeItem(nameOf(chatId))
    else sessionStorage.setItem(nameOf(chatId), text)
  } catch {
    // The store is full: the draft lasts as long as the page.
  }
  for (const listener of listeners) listener()
}

export function forgetDrafts(): void {
  drafts.clear()
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(nameOf(''))) sessionStorage.removeItem(name)
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useDraft = (chatId: string): string => useSyncExternalStore(subscribe, () => draftOf(chatId))
