import { useSyncExternalStore } from 'react'
import { useClient, useStore } from '../../src/client/react.ts'
import type { DraftMention } from '../composer/mentions.ts'
import { forget, keep, kept, keptNames, onKept } from './kept.ts'

/** What is being written in a chat, or in place of a message, and which message it answers. */
export interface Draft {
  readonly text: string
  readonly replyTo?: string | undefined
  readonly mentions?: readonly DraftMention[] | undefined
  readonly files?: readonly DraftFile[] | undefined
}

/** A file that is to be sent: its upload, and what it shows in words. */
export interface DraftFile {
  readonly key: string
  readonly alt: string
}

/** A longer text lasts as long as the page: storing it with every key would stall the typing. */
const STORED = 20_000

const listeners = new Set<() => void>()
const drafts = new Map<string, Draft | undefined>()
const nameOf = (userId: string, id: string) => `draft:${userId}:${id}`

function read(name: string): Draft | undefined {
  try {
    return JSON.parse(kept(name) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

function draftAt(name: string): Draft | undefined {
  if (!drafts.has(name)) drafts.set(name, read(name))
  return drafts.get(name)
}

function hold(name: string, draft: Draft | undefined): void {
  drafts.set(name, draft)
  for (const listener of listeners) listener()
}

export const draftOf = (userId: string, id: string): Draft | undefined => draftAt(nameOf(userId, id))

export function keepDraft(userId: string, id: string, draft: Draft): void {
  const name = nameOf(userId, id)
  if (draft.text.length > STORED || !keep(name, JSON.stringify(draft))) forget(name)
  hold(name, draft)
}

export function forgetDraft(userId: string, id: string): void {
  forget(nameOf(userId, id))
  hold(nameOf(userId, id), undefined)
}

/** Forgets all drafts of a user. Returns the keys of the uploads that were in them. */
export function forgetDrafts(userId: string): readonly string[] {
  const keys = keptNames(nameOf(userId, '')).flatMap((name) => draftAt(name)?.files?.map(({ key }) => key) ?? [])
  drafts.clear()
  for (const name of keptNames(nameOf(userId, ''))) forget(name)
  for (const listener of listeners) listener()
  return keys
}

// The draft of another tab, too.
onKept('draft:', (name) => {
  if (name === undefined) drafts.clear()
  else drafts.delete(name)
  for (const listener of listeners) listener()
})

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The draft of the signed-in user. */
export function useDraft(id: string): Draft | undefined {
  const userId = useUserId()
  return useSyncExternalStore(subscribe, () => draftOf(userId, id))
}

export const useUserId = (): string => useStore(useClient().account.me)?.id ?? ''
