import { isKey } from '../../../../domain/ids.ts'
import type { Store, Waiting } from '../../lane/lane.ts'
import type { Call } from '../batch.ts'
import { type WaitingRoom, waitingRoom } from './room.ts'

type LogCall = Call & Waiting
type Commit = (calls: readonly LogCall[]) => Promise<readonly LogCall[]>

interface Needs {
  /** Whether a lock was not to be had in time. */
  isHeld(error: unknown): boolean
  /** Commits calls, and waits for locks, though not for long. */
  readonly patiently: Commit
  /** Commits the calls of chats that nobody holds, and puts the others `aside`. `isHasty`: nothing else is waited for, either. */
  skipping(calls: readonly LogCall[], isHasty: boolean): Promise<readonly LogCall[]>
}

interface Beside extends Required<Pick<Store<LogCall>, 'attach'>> {
  readonly admit: Commit
  aside(calls: readonly LogCall[]): void
  close(): void
}

/** Lets calls wait for chats that a transaction of the host's holds, so that calls of other chats do not. */
export function besideHeld({ isHeld, patiently, skipping }: Needs): Beside {
  let room: WaitingRoom | undefined
  const isTried = ({ scope }: LogCall): boolean => room?.isTrying(scope.chat) ?? false
  const aside = (calls: readonly LogCall[]): void => {
    for (const call of calls) room!.put(call)
  }

  async function apart(calls: readonly LogCall[]): Promise<readonly LogCall[]> {
    try {
      return await skipping(calls, false)
    } catch (error) {
      // Somebody else is making a chat under the same key.
      const [named, others] = parted(calls, ({ scope }) => isKey(scope.chat))
      if (!isHeld(error) || named.length === 0) throw error
      aside(named)
      return others.length > 0 ? skipping(others, false) : []
    }
  }

  /** Calls that name a chat by its key: whether somebody else is making it is found out by trying to. */
  async function inHaste(calls: readonly LogCall[]): Promise<readonly LogCall[]> {
    try {
      return await skipping(calls, true)
    } catch (error) {
      if (!isHeld(error)) throw error
      aside(calls)
      return []
    }
  }

  async function tryAgain(calls: readonly LogCall[]): Promise<readonly LogCall[]> {
    try {
      const [alone, others] = parted(calls, (call) => isTried(call) && isKey(call.scope.chat))
      const postponed = others.length > 0 ? [...(await apart(others))] : []
      for (const [, some] of Map.groupBy(alone, ({ scope }) => scope.chat)) postponed.push(...(await inHaste(some)))
      return postponed
    } finally {
      room!.tried(calls)
    }
  }

  return {
    aside,
    attach(again) {
      room = waitingRoom(again)
    },
    /** Calls of a chat that others wait for already wait behind them. Those that come from there are tried without waiting for a lock. */
    async admit(batch) {
      const [behind, calls] = parted(batch, ({ scope }) => room?.has(scope.chat) ?? false)
      aside(behind)
      if (calls.length === 0) return []
      if (calls.some(isTried)) return tryAgain(calls)
      try {
        return await patiently(calls)
      } catch (error) {
        if (!isHeld(error)) throw error
        return apart(calls)
      }
    },
    close: () => room?.close(),
  }
}

/** Calls that come first, and the others. */
export function parted<C>(calls: readonly C[], isFirst: (call: C) => boolean): [C[], C[]] {
  const parts: [C[], C[]] = [[], []]
  for (const call of calls) parts[isFirst(call) ? 0 : 1].push(call)
  return parts
}
