import type { Scope } from '../../../../domain/decision.ts'
import { Refusal } from '../../../../domain/refusal.ts'
import type { Waiting } from '../../lane/lane.ts'
import type { Call } from '../batch.ts'

type LogCall = Call & Waiting
type Name = Scope['chat']

const TRY_EVERY_MS = 100
/** Of one chat; more are refused. */
const PLACES = 1_000

/** Calls whose chats a transaction of the host's holds: they wait beside the lane, so that other chats do not. */
export interface WaitingRoom {
  has(chat: Name): boolean
  /** Whether the calls of this chat come from here, to be tried again. */
  isTrying(chat: Name): boolean
  put(call: LogCall): void
  /** These have been tried. */
  tried(calls: readonly LogCall[]): void
  close(): void
}

/** Hands the calls of each chat back to the lane every 100 ms, in their order. The lane refuses those that have waited for too long. */
export function waitingRoom(again: (calls: readonly LogCall[]) => void): WaitingRoom {
  const chats = new Map<Name, Set<LogCall>>()
  const trying = new Set<Name>()
  let timer: NodeJS.Timeout | undefined

  function release(): void {
    timer = undefined
    const all = [...chats].flatMap(([name, calls]) => {
      const waiting = [...calls].filter(({ isOver }) => !isOver)
      if (waiting.length > 0) trying.add(name)
      return waiting
    })
    chats.clear()
    if (all.length > 0) again(all)
  }

  return {
    has: (chat) => chats.has(chat),
    isTrying: (chat) => trying.has(chat),
    put(call) {
      const { chat } = call.scope
      const calls = chats.get(chat)
      if (calls && calls.size >= PLACES && !calls.has(call)) return call.reject(new Refusal('overloaded'))
      // A batch that has to run again brings the same calls once more.
      if (calls) calls.add(call)
      else chats.set(chat, new Set([call]))
      timer ??= setTimeout(release, TRY_EVERY_MS)
    },
    tried(calls) {
      for (const { scope } of calls) trying.delete(scope.chat)
    },
    close() {
      clearTimeout(timer)
      for (const calls of chats.values()) for (const call of calls) call.reject(new Refusal('overloaded'))
      chats.clear()
    },
  }
}
