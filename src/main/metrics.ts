import { createServer } from 'node:http'
import type { Closable } from './lifecycle.ts'
import { listen, stopListening } from './listener.ts'
import type { Logger } from './logging.ts'

interface MetricsNeeds {
  render(): Promise<{ readonly type: string; readonly text: string }>
  readonly log: Pick<Logger, 'warn'>
}

const LOOPBACK = /^(localhost|127\.[\d.]+|\[::1\]|::1)(:\d+)?$/

/**
 * Serves `/metrics` on an address of its own, where no proxy publishes it. On loopback the `Host` must be loopback too, or a page in a browser on
 * this machine could read it under a name that leads here (DNS rebinding). A port that is taken costs the metrics and not the service.
 */
export async function serveMetrics(at: { readonly host: string; readonly port: number }, { render, log }: MetricsNeeds): Promise<Closable> {
  const isLocal = LOOPBACK.test(at.host)
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000 }, (request, response) => {
    const isMeant = request.url === '/metrics' && request.method === 'GET' && (!isLocal || LOOPBACK.test(request.headers.host ?? ''))
    if (!isMeant) return void response.writeHead(404).end()
    render().then(
      ({ type, text }) => response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  server.maxConnections = 64
  server.unref()
  await listen(server, at).catch((error: unknown) => {
    log.warn({ err: error, ...at }, 'Metrics are not served: METRICS_LISTEN names an address that cannot be listened on')
  })
  return { close: () => stopListening(server, 0) }
}
