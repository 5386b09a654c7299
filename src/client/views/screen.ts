import type { Copies, Copy } from '../copy/copies.ts'
import { markMember } from '../copy/members.ts'
import type { Request, Send } from '../socket/requests.ts'
import type { OpenOptions } from '../types.ts'

interface Needs {
  readonly copy: Copy
  readonly copies: Copies
  readonly request: Request
  readonly send: Send
  me(): string
  isUp(): boolean
  known(): Promise<unknown>
  present(userIds: readonly string[]): void
  remark(): void
  /** The chat comes on screen for the first viewer. */
  opened(): void
  /** A viewer wants to begin there. */
  show(at: OpenOptions['at']): void
  /** Nobody looks any more. */
  closed(): void
  later(ms: number, callback: () => void): () => void
}

/** What is said once of typing may be lost, and so may its end: after so long the service is asked. */
const TYPING_CHECKED = 20_000

/** Whether a chat is on screen: then typing and presence of it are subscribed to. */
export function screen({ copy, copies, request, send, me, isUp, known, present, remark, later, ...needs }: Needs) {
  const { id } = copy
  let viewers = 0
  let isClosing = false
  let cancel = () => {}

  async function join(): Promise<void> {
    if (viewers === 0 || !isUp()) return
    const joined = await request('join_chat', { chat_id: id })
    for (const { user_id, read_seq } of joined.readers) if (user_id !== me()) markMember(copy.members, user_id, read_seq)
    copy.typing = joined.typing
    present(joined.online)
    remark()
    copies.touch(copy, 'typing', 'members', 'item')
  }

  function close(): void {
    isClosing = false
    if (viewers > 0) return
    if (isUp() && copy.item) send('leave_chat', { chat_id: id })
    cancel()
    copy.typing = []
    needs.closed()
    copies.touch(copy, 'typing', 'item')
  }

  return {
    isOn: () => viewers > 0,
    /** Others type, or have stopped. */
    typed(): void {
      cancel()
      if (viewers > 0 && copy.typing.length > 0) cancel = later(TYPING_CHECKED, () => void join().catch(() => {}))
    },
    /** Subscribes, also after each new connection. */
    join: () => void join().catch(() => {}),
    open({ at = 'latest' }: OpenOptions = {}): () => void {
      viewers++
      const isFirst = viewers === 1 && !isClosing
      known()
        .then(() => isFirst && needs.opened())
        .catch(() => {})
        .finally(() => needs.show(at))
      if (isFirst) void join().catch(() => {})
      let isOpen = true
      return () => {
        if (!isOpen) return
        isOpen = false
        viewers = Math.max(0, viewers - 1)
        if (viewers > 0 || isClosing) return
        isClosing = true
        // A viewer that comes back in the same turn, as in frameworks, finds everything as it was.
        queueMicrotask(close)
      }
    },
  }
}
