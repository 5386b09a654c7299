import { useCallback, useEffect, useState } from 'react'

const PAUSE_MS = 3_000

/** What is fetched without being asked for rests for a moment after a failure. */
export function useResting(): { readonly isResting: boolean; readonly rest: () => void } {
  const [isResting, setResting] = useState(false)
  useEffect(() => {
    if (!isResting) return
    const timer = setTimeout(() => setResting(false), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [isResting])
  return { isResting, rest: useCallback(() => setResting(true), []) }
}
