import { type FocusEvent, type KeyboardEvent, useState } from 'react'
import type { Item } from './items.ts'
import type { Scroller } from './use-scroller.ts'

interface RowKeys {
  /** The row at which the Tab key stops. */
  readonly stop: string | undefined
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void
}

/** Arrows go from message to message; Enter and the menu key open what can be done with one. */
export function useRowKeys(items: readonly Item[], virtualizer: Scroller['virtualizer']): RowKeys {
  const [active, setActive] = useState<string>()
  const rendered = virtualizer.getVirtualItems().map(({ index }) => items[index])
  const messages = rendered.filter((item) => item?.kind === 'message')
  const stop = messages.some((item) => item?.key === active) ? active : messages.at(-1)?.key

  function go(from: number, step: 1 | -1) {
    let index = from + step
    while (items[index] && items[index]!.kind !== 'message') index += step
    const next = items[index]
    if (!next) return
    setActive(next.key)
    virtualizer.scrollToIndex(index, { align: 'auto' })
    requestAnimationFrame(() => rowOf(next.key)?.focus({ preventScroll: true }))
  }

  return {
    stop,
    onFocus(event) {
      const key = event.target.closest<HTMLElement>('[data-message]')?.dataset.message
      if (key) setActive(key)
    },
    onKeyDown(event) {
      const row = event.target as HTMLElement
      if (row.dataset.message === undefined) return
      const index = items.findIndex(({ key }) => key === row.dataset.message)
      if (event.key === 'ArrowUp' || event.key === 'ArrowDown') go(index, event.key === 'ArrowUp' ? -1 : 1)
      else if (event.key === 'Home') go(-1, 1)
      else if (event.key === 'End') go(items.length, -1)
      else if (event.key === 'Enter') row.querySelector<HTMLElement>('[data-more]')?.click()
      else return
      event.preventDefault()
    },
  }
}

const rowOf = (key: string) => document.querySelector<HTMLElement>(`[data-message="${CSS.escape(key)}"]`)
