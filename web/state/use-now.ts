import { useSyncExternalStore } from 'react'
import { dayOf } from '../i18n/times.ts'

const MINUTE = 60_000
const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setTimeout> | undefined

/** Looks at the clock: each full minute, so at midnight as well, and when the page comes into sight again or gets the focus. */
function tick(): void {
  clearTimeout(timer)
  now = Date.now()
  for (const listener of listeners) listener()
  if (listeners.size > 0) timer = setTimeout(tick, MINUTE - (now % MINUTE) + 20)
}
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && tick())
addEventListener('focus', tick)

function subscribe(listener: () => void) {
  listeners.add(listener)
  if (listeners.size === 1) tick()
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearTimeout(timer)
  }
}

/** The time, by the one clock of the page: it moves once a minute. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now)

/** The day, as `dayOf` counts: it moves at midnight. */
export const useToday = (): number => useSyncExternalStore(subscribe, () => dayOf(now))
