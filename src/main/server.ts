import type { Server as HttpServer } from 'node:http'
import type { ChatApi } from '../application/chat-api.ts'
import { defaultConfig } from './config.ts'
import { hardened, listen, stopListening } from './listener.ts'
import { silent } from './logging.ts'
import { serveMetrics } from './metrics.ts'
import { openUntil } from './mount.ts'
import type { ServerOptions } from './server-options.ts'

/** A running service. */
export interface Server {
  /** Where it listens, without a slash at the end. */
  readonly url: string
  readonly api: ChatApi
  /** Where the data is, for operators to read; without secrets. */
  readonly place: string
  readonly http: HttpServer
  /** Stops accepting work, closes sockets with 4000, waits for running requests, and releases everything. At most 10 seconds. */
  close(): Promise<void>
}

/**
 * Starts the service: opens the database, brings its tables up to date, and listens. Rejects if any of these fails, and then holds
 * nothing.
 *
 * @example
 * const server = await createServer({ databaseUrl: 'sqlite:chat.db', port: 0 })
 * console.log(`Open ${server.url}/docs`)
 * await server.close()
 */
export async function createServer(options: ServerOptions = {}): Promise<Server> {
  const { rateLimits, trustedProxies, host, port, metricsListen, log = silent() } = { ...defaultConfig(), ...options }
  const http = hardened(rateLimits && trustedProxies === 0 ? {} : { perNetwork: Number.POSITIVE_INFINITY })
  const { api, place, listener, attach, render, close } = await openUntil((patienceMs) => stopListening(http, patienceMs), options)
  http.on('request', listener)
  attach(http)
  try {
    const url = await listen(http, { host, port })
    const metrics = metricsListen && (await serveMetrics(metricsListen, { render, log }))
    return { url, api, place, http, close: async () => void (await Promise.all([close(), metrics?.close()])) }
  } catch (error) {
    await close()
    throw error
  }
}
