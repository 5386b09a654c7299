import { type FocusEvent, type KeyboardEvent, useRef, useState } from 'react'
import type { ChatItem } from '../../src/client/index.ts'
import { focusShown } from '../ui/focus-shown.ts'
import type { Item } from './items.ts'
import type { RowActions } from './row-actions.ts'
import { type DeedsOf, rowDeeds } from './row-deeds.ts'
import type { Scroller } from './use-scroller.ts'

interface RowKeys {
  /** The row at which the Tab key stops. */
  readonly stop: string | undefined
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void
  readonly onMouseDown: () => void
}

interface Keyed extends Pick<DeedsOf, 'chat' | 'onReply' | 'onEdit'> {
  readonly items: readonly Item[]
  readonly virtualizer: Scroller['virtualizer']
  readonly item: ChatItem | undefined
  readonly actions: RowActions
}

/** Letters by their place on the keyboard. */
const deedOf: Readonly<Record<string, keyof ReturnType<typeof rowDeeds>>> = {
  KeyR: 'reply',
  KeyE: 'edit',
  KeyF: 'forward',
  KeyP: 'pin',
  KeyC: 'copy',
  Delete: 'delete',
}

/** Arrows go from message to message; other keys do something with the one that they have led to. */
export function useRowKeys({ items, virtualizer, item, actions, ...rest }: Keyed): RowKeys {
  const [active, setActive] = useState<string>()
  /** Whoever has pressed a message means to write with the next letter. */
  const isByMouse = useRef(false)
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
    focusShown(() => rowOf(next.key))
  }

  /** Whether the key is one of those that do something with a message; whoever may not do it does not type instead. */
  function doWith(row: HTMLElement, shown: Item | undefined, { key, code }: KeyboardEvent): boolean {
    if (key === 'Enter') row.querySelector<HTMLElement>('[data-more]')?.click()
    else if (isByMouse.current || shown?.kind !== 'message' || !item) return false
    else if (key === '+') actions.pickReaction(shown.row, row.querySelector<HTMLElement>('[data-react]') ?? row)
    else if (deedOf[code]) rowDeeds({ ...rest, item, row: shown.row })[deedOf[code]]?.()
    else return false
    return true
  }

  return {
    stop,
    onMouseDown() {
      isByMouse.current = true
    },
    onFocus(event) {
      const key = event.target.closest<HTMLElement>('[data-message]')?.dataset.message
      if (key) setActive(key)
      isByMouse.current = !event.target.matches(':focus-visible')
    },
    onKeyDown(event) {
      const row = event.target as HTMLElement
      if (row.dataset.message === undefined || event.ctrlKey || event.metaKey || event.altKey) return
      const index = items.findIndex(({ key }) => key === row.dataset.message)
      if (event.key === 'ArrowUp' || event.key === 'ArrowDown') go(index, event.key === 'ArrowUp' ? -1 : 1)
      else if (event.key === 'Home') go(-1, 1)
      else if (event.key === 'End') go(items.length, -1)
      else if (!doWith(row, items[index], event)) return
      event.preventDefault()
    },
  }
}

const rowOf = (key: string) => document.querySelector<HTMLElement>(`[data-message="${CSS.escape(key)}"]`)
