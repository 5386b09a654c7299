import type { Row } from '../../src/client/index.ts'
import { hasTouch } from '../state/pointer.ts'
import { useGestures } from '../ui/gestures.ts'

interface Fingers {
  readonly rows: readonly Row[]
  readonly openMenu: (row: Row, anchor: HTMLElement) => void
  readonly reply: (row: Row) => void
}

/** A tap, or a finger that rests, opens the sheet of a message; a swipe answers it. */
export function useFingers({ rows, openMenu, reply }: Fingers) {
  const rowAt = (anchor: HTMLElement | undefined) => rows.find(({ key }) => key === anchor?.dataset.message)
  function openSheet(anchor: HTMLElement | undefined) {
    const row = rowAt(anchor)
    if (anchor && row?.text !== undefined) openMenu(row, anchor)
  }
  const gestures = useGestures<HTMLElement>({
    rowOf: messageAt,
    press: openSheet,
    swipe(anchor) {
      const row = rowAt(anchor)
      if (row?.id !== undefined && row.text !== undefined) reply(row)
    },
  })
  return {
    ...gestures,
    onClick({ target }: { readonly target: EventTarget }) {
      if (!hasTouch() || !(target instanceof Element) || window.getSelection()?.toString() || target.closest('a, button')) return
      openSheet(messageAt(target))
    },
  }
}

const messageAt = (target: Element) => target.closest<HTMLElement>('[data-message]') ?? undefined
