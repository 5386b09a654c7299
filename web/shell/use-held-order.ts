import { type PointerEvent, useRef, useState } from 'react'
import type { ChatItem } from '../../src/client/index.ts'

/** For so long after the pointer has moved over the list nothing in it changes its place. */
const HELD_MS = 1_200

interface HeldOrder {
  readonly items: readonly ChatItem[]
  readonly onPointerMove: (event: PointerEvent) => void
  readonly onPointerLeave: () => void
}

/** The items in their order, which does not change under a pointer that is about to press one. `name`: another list begins anew. */
export function useHeldOrder(items: readonly ChatItem[], name: string): HeldOrder {
  const [isHeld, setHeld] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const shown = useRef({ name, ids: [] as readonly string[] })
  const isSame = isHeld && shown.current.name === name
  const order = isSame ? new Map(shown.current.ids.map((id, place) => [id, place])) : undefined
  const placed = order ? items.toSorted((a, b) => (order.get(a.id) ?? -1) - (order.get(b.id) ?? -1)) : items
  shown.current = { name, ids: placed.map(({ id }) => id) }

  return {
    items: placed,
    onPointerMove({ pointerType }) {
      if (pointerType !== 'mouse') return
      clearTimeout(timer.current)
      timer.current = setTimeout(() => setHeld(false), HELD_MS)
      if (!isHeld) setHeld(true)
    },
    onPointerLeave() {
      clearTimeout(timer.current)
      setHeld(false)
    },
  }
}
