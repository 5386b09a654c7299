import { useEffect, useSyncExternalStore } from 'react'
import type { Chat } from '../../src/client/index.ts'
import type { Item } from './items.ts'
import type { Scroller } from './use-scroller.ts'

const subscribe = (listener: () => void) => {
  document.addEventListener('visibilitychange', listener)
  return () => document.removeEventListener('visibilitychange', listener)
}
const isInSight = () => document.visibilityState === 'visible'

/** What has come into sight is read; what lies below it, or came while the page was hidden, is not. */
export function useReadMark(chat: Chat, items: readonly Item[], { virtualizer, isPlaced }: Scroller, unread: number): void {
  const isVisible = useSyncExternalStore(subscribe, isInSight)
  const endIndex = virtualizer.range?.endIndex ?? -1
  const seq = isPlaced && isVisible ? lastSeq(items, endIndex) : undefined
  useEffect(() => {
    if (seq !== undefined && unread > 0) chat.markRead(seq)
  }, [chat, seq, unread])
}

function lastSeq(items: readonly Item[], endIndex: number): number | undefined {
  const seen = items.slice(0, endIndex + 1).findLast((item) => item.kind === 'message' && item.row.seq !== undefined)
  return seen?.kind === 'message' ? seen.row.seq : undefined
}
