import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { invalid, Refusal } from '../../domain/refusal.ts'
import { addressOf } from '../wire/address.ts'
import type { Origins } from '../wire/origins.ts'
import { problem } from '../wire/problems.ts'
import type { Arrival } from './conversation.ts'

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
