import type { ClientFrameType, FrameInput, ResultOf } from '../../adapters/wire/frames.ts'
import { localError } from '../calls/problem.ts'
import type { Platform } from '../platform/platform.ts'

export type Members<T extends ClientFrameType> =
  FrameInput<T> extends infer F ? (F extends unknown ? Omit<F, 'type' | 'ref'> : never) : never

/** Sends a command and resolves with its result. Rejects with what the service refused, or when the connection ends before the answer. */
export type Request = <T extends ClientFrameType>(type: T, members: Members<T>, options?: RequestOptions) => Promise<ResultOf<T>>

/** Sends a frame that needs no answer. */
export type Send = <T extends ClientFrameType>(type: T, members: Members<T>) => void

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined
  /** Without an answer in this time the connection is checked, and the request rejects. */
  readonly withinMs?: number
}

interface Pending {
  resolve(result: unknown): void
  reject(error: unknown): void
  stop(): void
}

/** Requests that wait for their answer, by `ref`. */
export function pendingRequests(later: Platform['later'], onLate: () => void) {
  const pending = new Map<string, Pending>()
  let made = 0

  function settle(ref: string): Pending | undefined {
    const found = pending.get(ref)
    pending.delete(ref)
    found?.stop()
    return found
  }

  return {
    nextRef: () => `c${++made}`,
    /** Waits for the answer to what `write` sends under a new `ref`. */
    make: (write: (ref: string) => void, { signal, withinMs }: RequestOptions = {}): Promise<unknown> =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        const ref = `c${++made}`
        const abort = () => settle(ref)?.reject(signal?.reason)
        const late = () => {
          onLate()
          settle(ref)?.reject(localError('timeout', 'No answer in time'))
        }
        const stopTimer = withinMs === undefined ? undefined : later(withinMs, late)
        const stop = () => {
          stopTimer?.()
          signal?.removeEventListener('abort', abort)
        }
        signal?.addEventListener('abort', abort)
        pending.set(ref, { resolve, reject, stop })
        try {
          write(ref)
        } catch (error) {
          settle(ref)?.reject(error)
        }
      }),
    resolve: (ref: string, result: unknown): void => settle(ref)?.resolve(result),
    /** Returns false when nobody waits for it. */
    reject(ref: string, error: unknown): boolean {
      const found = settle(ref)
      found?.reject(error)
      return found !== undefined
    },
    rejectAll(error: unknown): void {
      for (const ref of pending.keys()) settle(ref)?.reject(error)
    },
  }
}
