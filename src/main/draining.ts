import { setTimeout as pause } from 'node:timers/promises'
import type { ChatSockets } from '../adapters/ws/chat-sockets.ts'

/** For sending everybody elsewhere. */
const SOCKETS_MS = 3_000
/** For requests that are being answered meanwhile. */
const ANSWERS_MS = 5_000

interface Ending {
  readonly sockets: Pick<ChatSockets, 'drain' | 'close'>
  /** Becomes true first of all: from then on no work is taken. */
  readonly readiness: { isDraining: boolean }
  /** Stops gathering what could be answered at once. */
  flush(): void
  /** Waits for what is being answered, for so long at most. */
  finish(patienceMs: number): Promise<unknown>
  release(): Promise<void>
}

/**
 * Ends a server in an order in which nobody loses anything: it says that it is not ready, sends its sockets away in waves, finishes the
 * requests that have begun, and only then lets `release` take away what they need. However often it is called, it happens once.
 */
export function draining({ sockets, readiness, flush, finish, release }: Ending): () => Promise<void> {
  let ending: Promise<void> | undefined

  async function end(): Promise<void> {
    readiness.isDraining = true
    flush()
    try {
      await sockets.drain(SOCKETS_MS)
      sockets.close()
    } finally {
      await finish(ANSWERS_MS)
      await release()
    }
  }

  return () => (ending ??= end())
}

/** Work that has begun and is not over. */
export interface UnderWay {
  /** Something begins; it is over when the answered function is called. */
  begin(): () => void
  /** How many have begun and are not over. */
  count(): number
  /** Resolves when all that has begun by now is over, and after so long at the latest. */
  over(patienceMs: number): Promise<void>
}

export function underWay(): UnderWay {
  const works = new Set<Promise<void>>()
  return {
    begin() {
      let end = () => {}
      const work = new Promise<void>((resolve) => {
        end = resolve
      })
      works.add(work)
      void work.then(() => works.delete(work))
      return end
    },
    count: () => works.size,
    async over(patienceMs) {
      await Promise.race([Promise.all(works), pause(patienceMs, undefined, { ref: false })])
    },
  }
}
