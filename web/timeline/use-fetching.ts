import { useEffect, useState } from 'react'
import type { Chat, Timeline } from '../../src/client/index.ts'
import type { Scroller } from './use-scroller.ts'

/** So many items before the edge, more are asked for. */
const AHEAD = 20
const PAUSE_MS = 3_000

/** Fetches what is older, or newer, before one gets there. After a failure it rests for a moment. */
export function useFetching(chat: Chat, timeline: Timeline, { virtualizer, isPlaced }: Scroller): void {
  const [isResting, setResting] = useState(false)
  const { hasOlder, hasNewer, isLoadingOlder, isLoadingNewer } = timeline
  const { startIndex = AHEAD, endIndex = 0 } = virtualizer.range ?? {}
  const isNearTop = isPlaced && startIndex < AHEAD
  const isNearEnd = isPlaced && endIndex > virtualizer.options.count - AHEAD

  useEffect(() => {
    if (!isResting) return
    const timer = setTimeout(() => setResting(false), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [isResting])

  useEffect(() => {
    if (isNearTop && hasOlder && !isLoadingOlder && !isResting) chat.loadOlder().catch(() => setResting(true))
  }, [chat, isNearTop, hasOlder, isLoadingOlder, isResting])

  useEffect(() => {
    if (isNearEnd && hasNewer && !isLoadingNewer && !isResting) chat.loadNewer().catch(() => setResting(true))
  }, [chat, isNearEnd, hasNewer, isLoadingNewer, isResting])
}
