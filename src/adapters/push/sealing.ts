import { Worker } from 'node:worker_threads'
import { encrypted, type SubscriptionKeys } from './encrypt.ts'

/** Messages that are being encrypted, at most; one more is refused. */
const BOUND = 1_000

export interface Unsealed {
  readonly id: number
  readonly plain: Uint8Array
  readonly keys: SubscriptionKeys
}
export interface Sealed {
  readonly id: number
  readonly sealed: Uint8Array | undefined
}

export interface Sealing {
  /** Encrypts a message for one subscription (RFC 8291). Rejects if that is not possible, or too much is under way. */
  seal(plain: Buffer, keys: SubscriptionKeys): Promise<Buffer>
  close(): Promise<void>
}

/** The compiled program and the sources have it under different endings. */
const OTHER_THREAD = new URL(import.meta.url.endsWith('.ts') ? './encrypting.ts' : './encrypting.js', import.meta.url)

/**
 * Encrypts on a thread of its own, since a message takes about a millisecond of a processor. The thread begins with the first message, and again
 * after it was lost; it keeps no process alive while nothing is under way. Where no thread can begin, as in a bundle without its file, the calling
 * thread encrypts.
 */
export function sealing(thread = OTHER_THREAD): Sealing {
  const waiting = new Map<number, { resolve(sealed: Buffer): void; reject(error: Error): void }>()
  let worker: Worker | undefined
  let [made, hasAnswered, isImpossible, isClosed] = [0, false, false, false]

  function answered({ id, sealed }: Sealed): void {
    hasAnswered = true
    const asked = waiting.get(id)
    waiting.delete(id)
    if (waiting.size === 0) worker?.unref()
    if (sealed) asked?.resolve(Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength))
    else asked?.reject(new Error('The message could not be encrypted'))
  }

  function lost(one: Worker): void {
    if (worker !== one) return
    worker = undefined
    isImpossible ||= !hasAnswered && !isClosed
    for (const { reject } of waiting.values()) reject(new Error('The thread that encrypts has ended'))
    waiting.clear()
  }

  function begun(): Worker {
    const one = new Worker(thread, { env: {}, execArgv: [], name: 'windi-chat push' })
    hasAnswered = false
    one.on('message', answered)
    one.on('error', () => lost(one))
    one.on('exit', () => lost(one))
    return one
  }

  return {
    async seal(plain, keys) {
      if (isClosed || waiting.size >= BOUND) throw new Error('Too much is under way')
      if (isImpossible) return encrypted(plain, keys)
      worker ??= begun()
      worker.ref()
      const id = ++made
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        worker!.postMessage({ id, plain, keys } satisfies Unsealed)
      })
    },
    async close() {
      isClosed = true
      await worker?.terminate()
    },
  }
}
