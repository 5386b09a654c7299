import { type MouseEvent, type PointerEvent, useRef } from 'react'

/** So far, in pixels, a swipe has to go. */
const FAR = 56
/** A finger that has moved no further rests. */
const STILL = 10
const LONG_MS = 450

interface Gestures<T extends HTMLElement> {
  /** The row that a finger is on; undefined where there is nothing to do. */
  rowOf(target: Element): T | undefined
  /** A finger went sideways over a row: -1 to the left, 1 to the right. */
  swipe?(row: T, direction: -1 | 1): void
  /** A finger rested on a row, or its menu was asked for otherwise. */
  press?(row: T): void
}

interface Touch<T> {
  readonly id: number
  readonly row: T
  readonly x: number
  readonly y: number
  readonly timer: ReturnType<typeof setTimeout>
  dx: number
  isSideways: boolean
}

/** What fingers do on the rows of a list, for the element around them. Rows need `touch-action: pan-y`. */
export function useGestures<T extends HTMLElement>({ rowOf, swipe, press }: Gestures<T>) {
  const touch = useRef<Touch<T>>(undefined)
  /** A click that belongs to a gesture means nothing by itself. */
  const isSpent = useRef(false)

  function end(isDone: boolean) {
    const last = touch.current
    if (!last) return
    clearTimeout(last.timer)
    touch.current = undefined
    last.row.style.removeProperty('translate')
    last.row.style.removeProperty('transition')
    if (isDone && last.isSideways && Math.abs(last.dx) >= FAR) swipe?.(last.row, last.dx < 0 ? -1 : 1)
  }

  return {
    onPointerDown({ pointerType, pointerId, clientX, clientY, target }: PointerEvent) {
      isSpent.current = false
      end(false)
      const row = pointerType === 'touch' && target instanceof Element ? rowOf(target) : undefined
      if (!row) return
      const timer = setTimeout(() => {
        if (!press || touch.current?.isSideways) return
        end(false)
        isSpent.current = true
        press(row)
      }, LONG_MS)
      touch.current = { id: pointerId, row, x: clientX, y: clientY, timer, dx: 0, isSideways: false }
    },
    onPointerMove({ pointerId, clientX, clientY }: PointerEvent) {
      const now = touch.current
      if (now?.id !== pointerId) return
      now.dx = clientX - now.x
      const dy = Math.abs(clientY - now.y)
      if (!now.isSideways && dy > STILL) return end(false)
      if (Math.abs(now.dx) > STILL) {
        clearTimeout(now.timer)
        now.isSideways ||= swipe !== undefined
        isSpent.current = now.isSideways
      }
      if (!now.isSideways) return
      now.row.style.transition = 'none'
      now.row.style.translate = `${Math.sign(now.dx) * Math.min(Math.abs(now.dx), FAR * 1.4)}px 0`
    },
    onPointerUp: () => end(true),
    onPointerCancel: () => end(false),
    onClickCapture(event: MouseEvent) {
      if (!isSpent.current) return
      isSpent.current = false
      event.preventDefault()
      event.stopPropagation()
    },
  }
}
