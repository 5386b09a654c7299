import { useEffect, useState } from 'react'
import type { Chat, Message } from '../../src/client/index.ts'
import { isSearchable, useSearch } from '../state/use-search.ts'
import { type Filters, isWanted } from './filters.ts'

export interface Hits {
  /** Newest first. */
  readonly items: readonly Message[]
  readonly hasMore: boolean
  readonly isBusy: boolean
  readonly isAsked: boolean
  readonly error: unknown
  readonly more: () => void
}

const PAGE = 100
/** Pages that are looked through for one that has something wanted, at most; then `more` goes on. */
const LOOKED_THROUGH = 10

interface Found {
  readonly items: readonly Message[]
  readonly next: string | undefined
}

/** Messages of one chat that contain `query` and pass the filters. */
export function useHits(chat: Chat, query: string, filters: Filters): Hits {
  const wanted = query.trim()
  const isAsked = isSearchable(wanted)
  const { senderId, has, until } = filters
  const asked = isAsked ? [senderId, has, until, wanted].join(' ') : undefined

  async function pageFrom(cursor: string | undefined, signal?: AbortSignal): Promise<Found> {
    let next = cursor
    for (let looked = 0; ; ) {
      const page = await chat.search(wanted, { signal, senderId, limit: PAGE, cursor: next })
      const items = page.items.filter((message) => isWanted(message, filters))
      ;({ next } = page)
      looked++
      if (items.length > 0 || next === undefined || looked >= LOOKED_THROUGH) return { items, next }
    }
  }

  const first = useSearch(asked, (_, signal) => pageFrom(undefined, signal))
  const [rest, setRest] = useState<Found>()
  useEffect(() => setRest(undefined), [first.found])
  const all: Found = rest ?? first.found ?? { items: [], next: undefined }
  const { items, next } = all

  async function more() {
    if (next === undefined) return
    const page = await pageFrom(next)
    setRest((now) => ((now ?? first.found) === all ? { items: [...items, ...page.items], next: page.next } : now))
  }

  return {
    items,
    hasMore: next !== undefined,
    isBusy: first.isBusy,
    isAsked,
    error: first.error,
    more: () => void more().catch(() => undefined),
  }
}
