import { useEffect, useState } from 'react'
import type { Chat } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'

const SECOND = 1_000

/** For how many seconds slow mode holds back what the user sends next; 0: not at all. The owner and admins are free. */
export function useSlow(chat: Chat): number {
  const item = useStore(chat.item)
  const { rows } = useStore(chat.timeline)
  const slowMs = item?.role === 'member' ? (item.rules?.slowS ?? 0) * SECOND : 0
  const last = slowMs > 0 ? rows.findLast(({ isMine, seq }) => isMine && seq !== undefined)?.at : undefined
  const end = last === undefined ? 0 : last + slowMs
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (end <= Date.now()) return
    setNow(Date.now())
    const timer = setInterval(() => {
      setNow(Date.now())
      if (end <= Date.now()) clearInterval(timer)
    }, SECOND)
    return () => clearInterval(timer)
  }, [end])
  // The clock here may be behind that of the service.
  return Math.max(0, Math.ceil(Math.min(slowMs, end - now) / SECOND))
}

/** “9”, “4:59”, “5:59:59”. */
export function countdown(seconds: number): string {
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  const shown = parts.slice(parts.findIndex((part, i) => part > 0 || i === parts.length - 1))
  return shown.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}
