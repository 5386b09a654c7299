import { type PointerEvent, type ReactNode, useRef, useState, type WheelEvent } from 'react'
import css from './viewer.module.css'

const MOST = 4
/** So far, in pixels, a finger goes down to close. */
const FAR = 110

interface View {
  readonly scale: number
  readonly x: number
  readonly y: number
}
interface Point {
  readonly x: number
  readonly y: number
}
const WHOLE: View = { scale: 1, x: 0, y: 0 }

/** Grows and shrinks what is in it by the wheel, two fingers or a double press; moved by one finger while it is large. Down closes it. */
export function Zoomable({ children, onClose }: { readonly children: ReactNode; readonly onClose: () => void }) {
  const [view, setView] = useState(WHOLE)
  const points = useRef(new Map<number, Point>())
  const frame = useRef<HTMLDivElement>(null)
  const isLarge = view.scale > 1

  const zoom = (factor: number) =>
    setView(({ scale, x, y }) => {
      const next = Math.min(MOST, Math.max(1, scale * factor))
      return next === 1 ? WHOLE : { scale: next, x: (x * next) / scale, y: (y * next) / scale }
    })
  const distance = () => {
    const [a, b] = [...points.current.values()]
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0
  }
  function onPointerMove({ pointerId, clientX, clientY }: PointerEvent) {
    const before = points.current.get(pointerId)
    if (!before) return
    const spread = distance()
    points.current.set(pointerId, { x: clientX, y: clientY })
    if (points.current.size === 2 && spread > 0) zoom(distance() / spread)
    else if (isLarge || clientY > before.y || view.y > 0)
      setView((now) => ({ ...now, x: isLarge ? now.x + clientX - before.x : 0, y: now.y + clientY - before.y }))
  }
  function onPointerUp({ pointerId }: PointerEvent) {
    points.current.delete(pointerId)
    if (isLarge) return
    if (view.y > FAR) onClose()
    setView(WHOLE)
  }
  return (
    <div
      ref={frame}
      className={css.zoomable}
      role="presentation"
      data-scale={view.scale}
      style={{ transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }}
      onWheel={({ deltaY }: WheelEvent) => zoom(deltaY < 0 ? 1.2 : 1 / 1.2)}
      onDoubleClick={() => (isLarge ? setView(WHOLE) : zoom(2))}
      onPointerDown={({ pointerId, pointerType, clientX, clientY, target }) => {
        if (pointerType === 'mouse' && !isLarge) return
        ;(target as Element).setPointerCapture(pointerId)
        points.current.set(pointerId, { x: clientX, y: clientY })
      }}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
    >
      {children}
    </div>
  )
}
