import { isPassing } from '../calls/problem.ts'
import type { Copies, Copy } from '../copy/copies.ts'
import { readUpTo } from '../copy/item.ts'
import type { Request } from '../socket/requests.ts'

interface Needs {
  readonly copy: Copy
  readonly copies: Copies
  readonly request: Request
  isUp(): boolean
  recount(copy: Copy): void
}

/** Sends how far the user has read: one position at a time, the furthest; what cannot be sent waits for the next connection. */
export function readMarker({ copy, copies, request, isUp, recount }: Needs) {
  let wanted = 0
  let sent = 0
  let isSending = false

  async function flush(): Promise<void> {
    if (isSending || !isUp() || !copy.item) return
    isSending = true
    try {
      while (wanted > sent) {
        const seq = wanted
        await request('mark_read', { chat_id: copy.id, seq })
        sent = seq
      }
    } catch (error) {
      if (!isPassing(error)) sent = wanted
    } finally {
      isSending = false
    }
  }

  return {
    flush: () => void flush(),
    /** The log begins again: earlier positions mean nothing. */
    clear: () => void (wanted = sent = 0),
    mark(seq: number | undefined): void {
      const { head } = copy.timeline
      const to = Math.min(seq ?? head, head)
      if (!copy.item || !readUpTo(copy.item, to)) return
      recount(copy)
      copies.touch(copy, 'item')
      wanted = to
      void flush()
    },
  }
}
