import type { KeyboardEvent } from 'react'

const STEPS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => Math.min(at + 1, count - 1),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, count) => count - 1,
}

/**
 * Arrow keys go through the links and buttons of a list that are marked with `data-stop`. From a field in front of them ↓ leads to the
 * first, and Enter takes it.
 */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const { key, target, currentTarget } = event
  const stops = [...currentTarget.querySelectorAll<HTMLElement>('[data-stop]')]
  const isField = target instanceof HTMLInputElement && target.type !== 'checkbox'
  if (isField && key === 'Enter') stops[0]?.click()
  const step = isField && key !== 'ArrowDown' ? undefined : STEPS[key]
  const next = step && stops[step(stops.indexOf(document.activeElement as HTMLElement), stops.length)]
  if (!next) return
  event.preventDefault()
  next.focus()
}
