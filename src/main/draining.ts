import type { Server as HttpServer } from 'node:http'
import { stopListening } from './listener.ts'

/** Sockets, as far as ending them goes. */
export interface Drainable {
  /** Tells every socket to come back elsewhere, and closes them in waves; resolves when the last one is gone. */
  drain(): Promise<void>
}

/** Whether this process still takes work. */
export interface Readiness {
  readonly isDraining: boolean
}

/** For requests that are being answered while the process ends. */
const ANSWERS_MS = 5_000

/**
 * Ends a server in an order in which nobody loses anything: it says that it is not ready, sends its sockets away in waves, finishes the
 * requests that have begun, and only then lets `release` take away what they need.
 */
export function draining({ http, sockets, release }: { readonly http: HttpServer; readonly sockets: Drainable; release(): Promise<void> }) {
  const readiness = { isDraining: false }
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

  return {
    readiness: readiness as Readiness,
    /** However often it is called, it happens once. */
    close: () => (ending ??= end()),
  }
}
