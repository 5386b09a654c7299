import type { IncomingMessage, RequestListener } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Config } from './config.ts'
import type { Opened } from './container.ts'
import type { Drainable, Readiness } from './draining.ts'
import type { Logger } from './logging.ts'

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

export function edges({ app, readiness }: EdgeNeeds): Edges {
  return {
    handle(request, response) {
      if (request.url === '/livez') return void response.end('ok')
      if (request.url !== '/readyz') return void response.writeHead(404).end()
      app.store.check().then(
        () => response.writeHead(readiness.isDraining ? 503 : 200).end(),
        () => response.writeHead(503).end(),
      )
    },
    upgrade: (_request, socket) => socket.destroy(),
    sockets: { drain: async () => {} },
  }
}
