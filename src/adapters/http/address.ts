import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

const MAPPED = '::ffff:'

/**
 * Who is at the other end: what the outermost of the trusted proxies says, as each adds the address it was called from to the right
 * of `X-Forwarded-For`; without any, the other end of the connection.
 */
export function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const peer = plain(request.socket.remoteAddress ?? '')
  if (trustedProxies === 0) return peer
  const hops = [request.headers['x-forwarded-for'] ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((hop) => plain(hop.trim()))
  const told = hops.at(-trustedProxies) ?? hops[0]!
  return isIP(told) ? told : peer
}

/** An IPv4 address that comes in the clothes of IPv6 is the same one. */
const plain = (address: string): string => (address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address)

const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/** Comes from this machine itself and was not passed on by a proxy. */
export const isLocal = ({ socket, headers }: IncomingMessage): boolean =>
  /^(127\.|::1$)/.test(plain(socket.remoteAddress ?? '')) && !FORWARDING.some((name) => name in headers)
