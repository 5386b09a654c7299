import { useEffect, useState } from 'react'
import type { Chat, Message } from '../../src/client/index.ts'
import { isSearchable, useSearch } from '../state/use-search.ts'

interface Hits {
  /** Newest first. */
  readonly items: readonly Message[]
  readonly hasMore: boolean
  readonly isBusy: boolean
  readonly isAsked: boolean
  readonly error: unknown
  readonly more: () => void
}

const PAGE = 100

interface Found {
  readonly items: readonly Message[]
  readonly next: string | undefined
}

/** Messages of one chat that contain `query`, of one sender if one is given. */
export function useHits(chat: Chat, query: string, senderId: string | undefined): Hits {
  const wanted = query.trim()
  const isAsked = isSearchable(wanted)
  const asked = isAsked ? `${senderId ?? ''} ${wanted}` : undefined
  const first = useSearch(asked, (_, signal) => chat.search(wanted, { signal, senderId, limit: PAGE }))
  const [rest, setRest] = useState<Found>()
  useEffect(() => setRest(undefined), [first.found])
  const all: Found = rest ?? first.found ?? { items: [], next: undefined }
  const { items, next } = all

  async function more() {
    if (next === undefined) return
    const page = await chat.search(wanted, { senderId, limit: PAGE, cursor: next })
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
