import { type PointerEvent, useRef, useState } from 'react'
import type { ChatItem } from '../../src/client/index.ts'

/** For so long after the pointer has moved over the list nothing in it changes its place. */
const HELD_MS = 1_200

interface HeldOrder {
  readonly items: readonly ChatItem[]
  readonly onPointerMove: (event: PointerEvent) => void
  readonly onPointerLeave: () => void
}

/** The items in the order of before. What is new stands above them, and what is new after all of them, such as another page, below. */
function held(items: readonly ChatItem[], before: readonly string[]): readonly ChatItem[] {
  const order = new Map(before.map((id, place) => [id, place]))
  const last = items.findLastIndex(({ id }) => order.has(id))
  const places = new Map(items.map(({ id }, i) => [id, order.get(id) ?? (i < last ? -1 : before.length)]))
  return items.toSorted((a, b) => places.get(a.id)! - places.get(b.id)!)
}

/** The items in their order, which does not change under a pointer that is about to press one. `name`: another list begins anew. */
export function useHeldOrder(items: readonly ChatItem[], name: string): HeldOrder {
  const [isHeld, setHeld] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const shown = useRef({ name, ids: [] as readonly string[] })
  const isSame = isHeld && shown.current.name === name
  const placed = isSame ? held(items, shown.current.ids) : items
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
