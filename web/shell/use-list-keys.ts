import { type FocusEvent, type KeyboardEvent, useState } from 'react'
import type { ChatItem } from '../../src/client/index.ts'
import { focusShown } from '../ui/focus-shown.ts'

interface ListKeys {
  readonly items: readonly ChatItem[]
  readonly openId: string | undefined
  /** Brings an item into the document. */
  readonly scrollTo: (index: number) => void
}

/** Arrows, Home and End go through a list of which only a part is in the document. */
export function useListKeys({ items, openId, scrollTo }: ListKeys) {
  const [active, setActive] = useState<string>()

  function go(index: number) {
    const next = items[index]
    if (!next) return
    setActive(next.id)
    scrollTo(index)
    focusShown(() => linkOf(next.id))
  }
  return {
    /** The one at which the Tab key stops. */
    stop: [active, openId].find((id) => items.some((item) => item.id === id)) ?? items[0]?.id,
    onFocus: (event: FocusEvent) => setActive(idOf(event.target)),
    onKeyDown(event: KeyboardEvent) {
      const id = idOf(event.target as Element)
      const at = items.findIndex((item) => item.id === id)
      const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }
      const next = steps[event.key]
      if (at < 0 || next === undefined || event.altKey) return
      event.preventDefault()
      event.stopPropagation()
      go(next)
    },
  }
}

export const linkAt = (element: Element) => element.closest<HTMLElement>('[data-chat]') ?? undefined
export const idOf = (element: Element): string | undefined => linkAt(element)?.dataset.chat
const linkOf = (id: string) => document.querySelector<HTMLElement>(`[data-chat="${CSS.escape(id)}"]`)
