import { useEffect, useState } from 'react'
import type { Chat } from '../../src/client/index.ts'

const PAUSE_MS = 300

/**
 * Counts what the log of a chat tells without a change of what the client shows of it, such as bans of those who are no members: lists that
 * the client does not keep are then to be read again.
 */
export function useMoves({ timeline, item }: Chat): number {
  const [moves, setMoves] = useState(0)
  useEffect(() => {
    let before = [timeline.get(), item.get()] as const
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = timeline.subscribe(() => {
      const now = [timeline.get(), item.get()] as const
      const isShown = !areSame(now[0], before[0]) || !areSame(now[1], before[1])
      before = now
      if (!isShown) timer ??= setTimeout(move, PAUSE_MS)
    })
    function move() {
      timer = undefined
      setMoves((count) => count + 1)
    }
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [timeline, item])
  return moves
}

/** Whether nothing of it has changed: the client makes some of them again with each event. */
function areSame<T extends object>(one: T | undefined, other: T | undefined): boolean {
  if (!one || !other) return one === other
  return (Object.keys(one) as (keyof T)[]).every((name) => Object.is(one[name], other[name]))
}
