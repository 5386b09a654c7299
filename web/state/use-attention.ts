import { useSyncExternalStore } from 'react'

/** After so long without a touch or a key nobody may be there, although the page has the focus of a screen that is not looked at. */
const RECENT_MS = 60_000

const listeners = new Set<() => void>()
let usedAt = 0
let timer: ReturnType<typeof setTimeout> | undefined
const tell = () => {
  for (const listener of listeners) listener()
}

function used(): void {
  const wasRecent = Date.now() - usedAt < RECENT_MS
  usedAt = Date.now()
  clearTimeout(timer)
  timer = setTimeout(tell, RECENT_MS + 20)
  if (!wasRecent) tell()
}
for (const event of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'])
  addEventListener(event, used, { passive: true, capture: true })
for (const event of ['focus', 'blur']) addEventListener(event, tell)
document.addEventListener('visibilitychange', tell)

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const isRead = () => document.visibilityState === 'visible' && (document.hasFocus() || Date.now() - usedAt < RECENT_MS)

/** Whether somebody reads what the page shows: it is visible, and it has the focus or was used within a minute. */
export const useAttention = (): boolean => useSyncExternalStore(subscribe, isRead)
