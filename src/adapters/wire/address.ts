import { z } from 'zod'

/** What of a request tells where it comes from, as `node:http` has it. */
export interface Incoming {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/** Who is at the other end: by the word of the trusted proxies, as each adds whom it was called by; without one, the connection's other end. */
export function addressOf(request: Incoming, trustedProxies: number): string {
  const told = plain(outermost(request.headers['x-forwarded-for'], trustedProxies) ?? '')
  return ip.safeParse(told).success ? told : peerOf(request)
}

/** The other end of the connection. */
export const peerOf = ({ socket }: Incoming): string => plain(socket.remoteAddress ?? '')

/** What the outermost of so many proxies has said in a header: whatever stands before it anybody may have written. */
export function outermost(header: string | string[] | undefined, proxies: number): string | undefined {
  if (proxies === 0) return undefined
  const said = String(header ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  return said.at(-proxies) ?? said[0]
}

const ip = z.union([z.ipv4(), z.ipv6()])

/** An IPv4 address that comes in the clothes of IPv6 is the same one. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')
