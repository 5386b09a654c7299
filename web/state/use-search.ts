import { useEffect, useEffectEvent, useState } from 'react'

export interface Search<T> {
  readonly found: T | undefined
  readonly error: unknown
  readonly isBusy: boolean
}

const PAUSE_MS = 180

/** Asks when the typing pauses; an answer that is no longer wanted is given up. `undefined` asks nothing. */
export function useSearch<T>(query: string | undefined, ask: (query: string, signal: AbortSignal) => Promise<T>): Search<T> {
  const [search, setSearch] = useState<Search<T>>({ found: undefined, error: undefined, isBusy: false })
  const askNow = useEffectEvent(ask)
  useEffect(() => {
    if (query === undefined) return setSearch({ found: undefined, error: undefined, isBusy: false })
    const aborted = new AbortController()
    setSearch((before) => ({ ...before, isBusy: true }))
    const timer = setTimeout(() => {
      askNow(query, aborted.signal).then(
        (found) => !aborted.signal.aborted && setSearch({ found, error: undefined, isBusy: false }),
        (error: unknown) => !aborted.signal.aborted && setSearch({ found: undefined, error, isBusy: false }),
      )
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      aborted.abort()
    }
  }, [query])
  return search
}

export const isSearchable = (query: string): boolean => Array.from(query.trim()).length >= 2
