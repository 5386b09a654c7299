import { useEffect, useEffectEvent, useState } from 'react'
import type { ListOptions, Page } from '../../src/client/index.ts'

export interface Pages<T> {
  /** Undefined until something has come. */
  readonly items: readonly T[] | undefined
  /** Why the last page could not be had. */
  readonly error: unknown
  readonly isBusy: boolean
  readonly hasMore: boolean
  /** Asks for the next page, or once more for what has failed. */
  more(): void
  /** What the page itself has changed meanwhile. */
  change(how: (known: readonly T[]) => readonly T[]): void
}

interface State<T> extends Pick<Pages<T>, 'items' | 'error' | 'isBusy'> {
  readonly next: string | undefined
}

/** A list that comes page by page, read anew whenever `key` changes; what is known stays in sight until then. */
export function usePages<T>(key: string, load: (options: ListOptions) => Promise<Page<T>>): Pages<T> {
  const [state, setState] = useState<State<T>>({ items: undefined, error: undefined, isBusy: true, next: undefined })
  const [wanted, setWanted] = useState<{ readonly cursor: string | undefined }>({ cursor: undefined })
  const [asked, setAsked] = useState(key)
  if (asked !== key) {
    setAsked(key)
    setWanted({ cursor: undefined })
  }
  const ask = useEffectEvent(load)
  useEffect(() => {
    const { cursor } = wanted
    const over = new AbortController()
    setState((before) => ({ ...before, isBusy: true, error: undefined }))
    ask({ cursor, signal: over.signal }).then(
      (page) =>
        over.signal.aborted ||
        setState(({ items = [] }) => ({
          items: cursor === undefined ? page.items : [...items, ...page.items],
          next: page.next,
          error: undefined,
          isBusy: false,
        })),
      (error: unknown) => over.signal.aborted || setState((before) => ({ ...before, error, isBusy: false })),
    )
    return () => over.abort()
  }, [wanted])

  const { next, ...shown } = state
  return {
    ...shown,
    hasMore: next !== undefined,
    more: () => setWanted(state.error === undefined ? { cursor: next } : { ...wanted }),
    change: (how) => setState((before) => ({ ...before, items: how(before.items ?? []) })),
  }
}
