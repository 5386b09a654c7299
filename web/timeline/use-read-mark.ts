import { useEffect, useRef } from 'react'
import type { Chat } from '../../src/client/index.ts'
import { useAttention } from '../state/use-attention.ts'
import type { Item } from './items.ts'
import type { Scroller } from './use-scroller.ts'

/** So long it takes to see what is there; rows may also still be finding their places. */
const GLANCE_MS = 250

/** What has come into sight of somebody is read; what lies below it, or came while nobody looked, is not. */
export function useReadMark(chat: Chat, items: readonly Item[], { virtualizer, isPlaced }: Scroller, unread: number): void {
  const hasAttention = useAttention()
  const endIndex = virtualizer.range?.endIndex ?? -1
  const seq = isPlaced && hasAttention ? lastSeq(items, endIndex) : undefined
  const seen = useRef(seq)
  seen.current = seq
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => {
    if (seq === undefined || unread === 0) return
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      if (seen.current !== undefined) chat.markRead(seen.current)
    }, GLANCE_MS)
  }, [chat, seq, unread])
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      timer.current = undefined
    },
    [chat],
  )
}

function lastSeq(items: readonly Item[], endIndex: number): number | undefined {
  const seen = items.slice(0, endIndex + 1).findLast((item) => item.kind === 'message' && item.row.seq !== undefined)
  return seen?.kind === 'message' ? seen.row.seq : undefined
}
