import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { readInSlices } from '../adapters/http/pipelining.ts'
import { newId } from '../adapters/system/random.ts'
import { problem } from '../adapters/wire/problems.ts'
import { networkOf } from '../application/network.ts'

/** Open connections of one network, at most. */
const PER_NETWORK = 2_000

export interface Bounds {
  /** Open connections of one network, at most. Counts by the connection's other end, so `Infinity` where that is a proxy. */
  readonly perNetwork?: number
  /** Milliseconds in which some bytes of an answer must have left, or of a request have come. */
  readonly stalledMs?: number
  /** Milliseconds in which a body must have come whole, unless it is an upload: that may take as long as bytes come. */
  readonly bodyMs?: number
}

/** An HTTP server that slow, stalled, broken and greedy clients cannot hold up. */
export function hardened({ perNetwork = PER_NETWORK, stalledMs = 30_000, bodyMs = 10_000 }: Bounds = {}): Server {
  const server = createServer({
    headersTimeout: 5_000,
    requestTimeout: 0,
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: 65_000,
    maxHeaderSize: 16_384,
    // What would rather speak HTTP/2 is answered as HTTP/1.1.
    shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
  })
  server.maxConnections = 50_000
  server.timeout = stalledMs
  server.on('connection', atMost(perNetwork))
  server.on('connection', readInSlices)
  server.on('request', (request) => cutSlow(server, request, bodyMs))
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuse(error, socket))
  return server
}

const UPLOAD = /^\/api\/v1\/(files|uploads\/[^/?]+)(\?|$)/

/** What Node does to every request that takes too long, but for uploads. */
function cutSlow(server: Server, request: IncomingMessage, bodyMs: number): void {
  const { headers, url = '', socket } = request
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  if (!hasBody || UPLOAD.test(url)) return
  const timeout = Object.assign(new Error('The body took too long'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
  const timer = setTimeout(() => !request.complete && server.emit('clientError', timeout, socket), bodyMs).unref()
  request.once('close', () => clearTimeout(timer))
}

/** Cuts the connections of a network that has this many open. */
function atMost(perNetwork: number): (socket: Socket) => void {
  const open = new Map<string, number>()
  return (socket) => {
    const network = networkOf(socket.remoteAddress ?? '')
    const count = open.get(network) ?? 0
    if (count >= perNetwork) return void socket.destroy()
    open.set(network, count + 1)
    socket.once('close', () => {
      const left = open.get(network)! - 1
      if (left === 0) open.delete(network)
      else open.set(network, left)
    })
  }
}

const statusOf: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

const isTooLarge = (status: number): boolean => status === 413 || status === 431

/** What cannot even be read as a request is answered with a problem, in the general form of RFC 9457 if no code is for it, and the line is cut. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = statusOf[error.code ?? ''] ?? 400
  const title = STATUS_CODES[status]
  const requestId = newId()
  const told = isTooLarge(status) ? problem('too-large', requestId) : { type: 'about:blank', title, request_id: requestId }
  const body = JSON.stringify({ ...told, status })
  const head = [
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    `X-Request-Id: ${requestId}`,
  ]
  socket.end(`HTTP/1.1 ${status} ${title}\r\n${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

/** Begins to listen and answers the URL. */
export async function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<string> {
  server.listen({ host, port, backlog: 4_096 })
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  return urlOf(host, address.port)
}

const anyAddress = new Set(['0.0.0.0', '::', ''])

function urlOf(host: string, port: number): string {
  const name = anyAddress.has(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

/** Takes nothing new, waits for the answers that are on their way, and for so long at most. */
export async function stopListening(server: Server, patienceMs: number): Promise<void> {
  if (!server.listening) return
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), patienceMs)
  await closed.finally(() => clearTimeout(timer))
}
