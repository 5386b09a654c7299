import { useSyncExternalStore } from 'react'

const phone = matchMedia('(max-width: 47rem)')
function subscribe(listener: () => void) {
  phone.addEventListener('change', listener)
  return () => phone.removeEventListener('change', listener)
}

/** Whether there is room for one column only. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => phone.matches)
