import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
const drafts = new Map<string, string | undefined>()
const nameOf = (id: string) => `windi:draft:${id}`

/** What was being written in a chat, or in place of a message. Like the session, it lives as long as the tab, or until it is forgotten. */
export function draftOf(id: string): string | undefined {
  if (!drafts.has(id)) drafts.set(id, sessionStorage.getItem(nameOf(id)) ?? undefined)
  return drafts.get(id)
}

export function keepDraft(id: string, text: string): void {
  try {
    sessionStorage.setItem(nameOf(id), text)
  } catch {
    // The store is full: the draft lasts as long as the page.
  }
  hold(id, text)
}

export function forgetDraft(id: string): void {
  sessionStorage.removeItem(nameOf(id))
  hold(id, undefined)
}

export function forgetDrafts(): void {
  drafts.clear()
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(nameOf(''))) sessionStorage.removeItem(name)
}

function hold(id: string, text: string | undefined): void {
  drafts.set(id, text)
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useDraft = (id: string): string | undefined => useSyncExternalStore(subscribe, () => draftOf(id))
