import type { IncomingMessage, RequestListener } from 'node:http'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { chatApp } from '../adapters/http/app.ts'
import type { AppOptions } from '../adapters/http/options.ts'
import { stopwatch } from '../adapters/system/clock.ts'
import type { Config } from './config.ts'
import type { Opened } from './container.ts'
import type { Drainable, Readiness } from './draining.ts'
import type { Logger } from './logging.ts'
import { version } from './version.ts'

export interface EdgeNeeds {
  readonly app: Opened
  readonly config: Config
  readonly log: Logger
  readonly readiness: Readiness
}

/** What a listening server hands its requests to. */
export interface Edges {
  readonly handle: RequestListener
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  readonly sockets: Drainable
}

export function edges(needs: EdgeNeeds): Edges {
  const handle = chatApp(httpOptions(needs)).callback()
  return {
    handle: (request, response) => void handle(request, response),
    upgrade: (_request, socket) => socket.destroy(),
    sockets: { drain: async () => {} },
  }
}

function httpOptions({ app, config, log, readiness }: EdgeNeeds): AppOptions {
  const { metrics } = app
  return {
    api: app.api,
    version,
    newId: app.ports.newId,
    stopwatch,
    guests: config.demo,
    publicUrl: config.publicUrl,
    allowedOrigins: config.allowedOrigins,
    trustedProxies: config.trustedProxies,
    isDraining: () => readiness.isDraining,
    activity: app.activity,
    onDefect: (error, { requestId, operation }) => log.error({ err: error, request_id: requestId, operation }, 'A request met a defect'),
    onRequest(request) {
      metrics.requestAnswered(request)
      if (log.isLevelEnabled('debug')) {
        const { requestId, operation, status, seconds } = request
        log.debug({ request_id: requestId, operation, status, ms: Math.round(seconds * 1e5) / 100 }, 'Answered')
      }
    },
    ready: async () => {
      await app.store.check()
      return true
    },
    metrics: { token: config.metricsToken, render: metrics.render },
    page: pageFolder(),
  }
}

/** Where the build puts the page, as seen from the compiled program and from the sources. */
const pageFolder = () => fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../dist/web' : '../web', import.meta.url))
