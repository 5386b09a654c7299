import { useEffect } from 'react'
import type { Chat, Timeline } from '../../src/client/index.ts'
import { useResting } from '../state/use-resting.ts'
import type { Scroller } from './use-scroller.ts'

/** So many items before the edge, more are asked for. */
const AHEAD = 20

/** Fetches what is older, or newer, before one gets there. After a failure it rests for a moment. */
export function useFetching(chat: Chat, timeline: Timeline, { virtualizer, isPlaced }: Scroller): void {
  const { isResting, rest } = useResting()
  const { hasOlder, hasNewer, isLoadingOlder, isLoadingNewer } = timeline
  const { startIndex = AHEAD, endIndex = 0 } = virtualizer.range ?? {}
  const isNearTop = isPlaced && startIndex < AHEAD
  const isNearEnd = isPlaced && endIndex > virtualizer.options.count - AHEAD

  useEffect(() => {
    if (isNearTop && hasOlder && !isLoadingOlder && !isResting) chat.loadOlder().catch(() => rest())
  }, [chat, isNearTop, hasOlder, isLoadingOlder, isResting, rest])

  useEffect(() => {
    if (isNearEnd && hasNewer && !isLoadingNewer && !isResting) chat.loadNewer().catch(() => rest())
  }, [chat, isNearEnd, hasNewer, isLoadingNewer, isResting, rest])
}
