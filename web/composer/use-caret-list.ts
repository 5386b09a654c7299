import { useState } from 'react'

/** What is typed at the caret for a list: where it begins, and the letters after its sign. */
interface Asked {
  readonly start: number
  readonly query: string
}

/** The list over the caret, or what there is of it: which option is active, and whether it was closed. `askedAt` finds what is asked for. */
export function useCaretList<O>(text: string, askedAt: (text: string, caret: number) => Asked | undefined) {
  const [caret, setCaret] = useState(0)
  const [moved, setMoved] = useState(0)
  const [closedAt, setClosedAt] = useState<string>()
  const asked = askedAt(text, caret)
  const key = asked && `${asked.start} ${asked.query}`

  function listOf(options: readonly O[]) {
    if (!asked || key === closedAt || options.length === 0) return undefined
    // The range is that of what is replaced.
    return { options, active: Math.min(moved, options.length - 1), range: [asked.start, caret] as const }
  }

  return {
    query: asked?.query,
    /** The list with these options, and how it is used. */
    withOptions(options: readonly O[]) {
      const list = listOf(options)
      return {
        list,
        /** The caret is there now. */
        at(next: number) {
          setCaret(next)
          setMoved(0)
        },
        move: (step: number) => list && setMoved((list.active + step + list.options.length) % list.options.length),
        close: () => setClosedAt(key),
      }
    },
  }
}
