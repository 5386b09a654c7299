'use client'

import { useEffect, useRef, useState } from 'react'
import { QUERY_MIN } from '../../adapters/wire/limits.ts'
import { textLength } from '../../domain/words.ts'
import { isProblem } from '../calls/problem.ts'
import type { Problem } from '../problems.ts'
import type { ListOptions, Message, Page, Person, Reader } from '../types.ts'
import { useClient } from './provider.ts'
import { useChat } from './stores.ts'

/** What was asked for, page by page. */
export interface Found<T> {
  readonly items: readonly T[]
  /** `idle` while there is nothing to ask for. */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed'
  readonly problem: Problem | undefined
  readonly hasMore: boolean
  /** Loads the next page, or again what has failed. */
  loadMore(): void
}

/** A search is asked when nothing was typed for so long. */
const PAUSE_MS = 250

interface State<T> extends Omit<Found<T>, 'loadMore' | 'hasMore'> {
  readonly next: string | undefined
}
interface Asking {
  /** Nothing is asked until so long after the last change of the key. */
  readonly pauseMs?: number
  /** Whether what was found stays until something else is. */
  readonly keepsItems?: boolean
}

const nothing: State<never> = { items: [], status: 'idle', problem: undefined, next: undefined }

/** Asks for the pages that `key` names, which is undefined where there are none; an older answer never replaces a newer one. */
export function useFound<T>(
  key: string | undefined,
  load: (options: ListOptions) => Promise<Page<T>>,
  { pauseMs = 0, keepsItems = false }: Asking = {},
): Found<T> {
  const [state, setState] = useState<State<T>>(nothing)
  const latest = useRef(load)
  const ask = useRef<(cursor?: string) => void>(() => {})
  latest.current = load

  useEffect(() => {
    if (key === undefined || !keepsItems) setState(nothing)
    if (key === undefined) return
    const over = new AbortController()
    const set = (change: Partial<State<T>> | ((before: State<T>) => Partial<State<T>>)) =>
      over.signal.aborted || setState((before) => ({ ...before, ...(typeof change === 'function' ? change(before) : change) }))
    const run = async (cursor?: string) => {
      set({ status: 'loading', problem: undefined })
      try {
        const { items, next } = await latest.current({ cursor, signal: over.signal })
        set((before) => ({ items: cursor === undefined ? items : [...before.items, ...items], status: 'ready', next }))
      } catch (error) {
        set({ status: 'failed', problem: isProblem(error) ? error.problem : undefined })
      }
    }
    ask.current = (cursor) => void run(cursor)
    set({ status: 'loading' })
    const timer = setTimeout(() => void run(), pauseMs)
    return () => {
      clearTimeout(timer)
      over.abort()
      ask.current = () => {}
    }
  }, [key, pauseMs, keepsItems])

  const { next, ...shown } = state
  return { ...shown, hasMore: next !== undefined, loadMore: () => state.status !== 'loading' && ask.current(next) }
}

const searched = (query: string): string | undefined => (textLength(query.trim()) >= QUERY_MIN ? query.trim() : undefined)

/** Returns messages that contain `query`, newest first: in one chat, or in all of the user's. Asks when the typing pauses. */
export function useSearch(query: string, { chatId }: { readonly chatId?: string | undefined } = {}): Found<Message> {
  const client = useClient()
  const text = searched(query)
  const search = chatId === undefined ? client.search : client.chat(chatId).search
  return useFound(text && `${chatId ?? ''} ${text}`, (options) => search(text!, options), { pauseMs: PAUSE_MS })
}

/** Returns people whose name or username contains `query`; a whole e-mail address finds its owner. Asks when the typing pauses. */
export function usePeople(query: string): Found<Person> {
  const { people } = useClient()
  const text = query.trim() === '' ? undefined : query.trim()
  return useFound(text, (options) => people.find(text!, options), { pauseMs: PAUSE_MS })
}

/** Returns the members who have read a message, and when. */
export function useReaders(chatId: string, messageId: string | undefined): Found<Reader> {
  const chat = useChat(chatId)
  return useFound(messageId && `${chatId} ${messageId}`, (options) => chat.readersOf(messageId!, options))
}
