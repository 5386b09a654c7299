import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { invalid, Refusal } from '../../domain/refusal.ts'
import { addressOf, outermost } from '../wire/address.ts'
import { problem } from '../wire/problems.ts'
import type { Arrival } from './conversation.ts'

/** The origins that browsers may connect from, and the proxies that are trusted. */
export interface Origins {
  /** Further origins than the server's own. `*`: any origin. */
  readonly allowedOrigins: readonly string[]
  /** The public URL of the server, if it differs from the URL of the request. */
  readonly publicUrl?: string | undefined
  /** The number of trusted proxies in front of the server. */
  readonly trustedProxies: number
}

/** Whether the origin is allowed: a page of another site must not act for its visitor. Other clients than browsers send no `Origin`. */
export function isWelcome(request: IncomingMessage, { allowedOrigins, publicUrl, trustedProxies }: Origins): boolean {
  const { origin } = request.headers
  if (origin === undefined || allowedOrigins.includes('*') || allowedOrigins.includes(origin)) return true
  if (!URL.canParse(origin)) return false
  const { protocol, host, origin: from } = new URL(origin)
  if (publicUrl !== undefined && from === new URL(publicUrl).origin) return true
  const asked = outermost(request.headers['x-forwarded-host'], trustedProxies) ?? request.headers.host
  const here = `${protocol}//${asked}`
  return /^https?:$/.test(protocol) && asked !== undefined && URL.canParse(here) && new URL(here).host === host
}

/** Returns address and credentials of an upgrade. */
export const arrivalOf = (request: IncomingMessage, { trustedProxies }: Origins): Arrival => ({
  address: addressOf(request, trustedProxies),
  authorization: request.headers.authorization,
  actAs: request.headers['act-as']?.toString(),
})

export const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0]!

const refusals = {
  'not-found': () => new Refusal('not-found'),
  'invalid': () => invalid('', 'has one Host'),
  'not-allowed': () => new Refusal('not-allowed', { requires: [] }),
  'draining': () => new Refusal('draining'),
  'overloaded': () => new Refusal('overloaded'),
}

/** Refuses an upgrade with an HTTP answer and closes its connection. */
export function turnAway(socket: Duplex, why: keyof typeof refusals, requestId: string): void {
  const body = JSON.stringify(problem(refusals[why](), requestId))
  // RFC 9112 §3.2 asks for 400.
  const status = why === 'invalid' ? 400 : problem(refusals[why](), requestId).status
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    `X-Request-Id: ${requestId}`,
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
