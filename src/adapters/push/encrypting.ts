import { parentPort } from 'node:worker_threads'
import { encrypted } from './encrypt.ts'
import type { Sealed, Unsealed } from './sealing.ts'

/** The other thread of `sealing.ts`. */
parentPort?.on('message', ({ id, plain, keys }: Unsealed) => {
  let sealed: Uint8Array | undefined
  try {
    sealed = encrypted(Buffer.from(plain), keys)
  } catch {
    // Who asked is told that there is nothing.
  }
  parentPort?.postMessage({ id, sealed } satisfies Sealed)
})
