import { z } from 'zod'

/** The parts of a `node:http` request that tell its network address. */
export interface Incoming {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/** Returns the client's address: the one that the outermost trusted proxy reports, or that of the connection. */
export function addressOf(request: Incoming, trustedProxies: number): string {
  const reported = plain(outermost(request.headers['x-forwarded-for'], trustedProxies) ?? '')
  return ip.safeParse(reported).success ? reported : peerOf(request)
}

/** Returns the address at the other end of the connection. */
export const peerOf = ({ socket }: Incoming): string => plain(socket.remoteAddress ?? '')

/** Returns the entry that the outermost of `proxies` trusted proxies added to a header. The client may have written the entries before it. */
export function outermost(header: string | string[] | undefined, proxies: number): string | undefined {
  if (proxies === 0) return undefined
  const entries = String(header ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  return entries.at(-proxies) ?? entries[0]
}

/** How many `Host` headers a request has. */
export const hostsOf = ({ rawHeaders }: { readonly rawHeaders: readonly string[] }): number =>
  rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length

const ip = z.union([z.ipv4(), z.ipv6()])

/** Returns an IPv4 address that is mapped into IPv6 in its own form. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')
