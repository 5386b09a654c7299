import type { Server as HttpServer } from 'node:http'
import { stopListening } from './listener.ts'

/** Sockets, as far as ending them goes. */
export interface Drainable {
  /** Tells every socket to come back elsewhere, and closes them in waves; resolves when the last one is gone. */
  drain(): Promise<void>
}

/** For requests that are being answered while the process ends. */
const ANSWERS_MS = 5_000

interface Ending {
  readonly http: HttpServer
  readonly sockets: Drainable
  /** Becomes true first of all: from then on no work is taken. */
  readonly readiness: { isDraining: boolean }
  release(): Promise<void>
}

/**
 * Ends a server in an order in which nobody loses anything: it says that it is not ready, sends its sockets away in waves, finishes the
 * requests that have begun, and only then lets `release` take away what they need. However often it is called, it happens once.
 */
export function draining({ http, sockets, readiness, release }: Ending): () => Promise<void> {
  let ending: Promise<void> | undefined

  async function end(): Promise<void> {
    readiness.isDraining = true
    try {
      await sockets.drain()
    } finally {
      await stopListening(http, ANSWERS_MS)
      await release()
    }
  }

  return () => (ending ??= end())
}
