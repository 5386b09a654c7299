import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

type Family = 'ipv4' | 'ipv6'
const listOf = (ranges: readonly (readonly [address: string, prefix: number, family: Family])[]): BlockList => {
  const list = new BlockList()
  for (const range of ranges) list.addSubnet(...range)
  return list
}

/** Link-local addresses, at which clouds tell secrets, and those that name no one machine. */
const refused = listOf([
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['255.255.255.255', 32, 'ipv4'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
])
/** Of this machine and of networks that are not routed in public: RFC 1918, RFC 6598, RFC 4193. */
const close = listOf([
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['::1', 128, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
])

/** The IPv4 address that an IPv6 address carries; otherwise the address itself. */
function plain(address: string): string {
  if (isIP(address) !== 6) return address
  const { hostname } = new URL(`http://[${address.split('%')[0]}]`)
  const [, high, low] = /^\[(?:::ffff:|::ffff:0:|64:ff9b::|::)([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(hostname) ?? []
  if (high === undefined || low === undefined) return address
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [a >> 8, a & 255, b >> 8, b & 255].join('.')
}

const holds = (list: BlockList, address: string) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** What is wrong with connecting to this address; undefined if nothing is. */
export function addressFault(given: string, protocol: string): string | undefined {
  const address = plain(given)
  if (holds(refused, address)) return 'leads to an address that is not allowed'
  return protocol === 'http:' && !holds(close, address) ? 'is an http: address outside of private networks' : undefined
}

/** The host of a URL as an address; undefined if it is a name. */
export function literalOf({ hostname }: URL): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, '')
  return isIP(host) ? host : undefined
}

const LENGTH = 2_048

/** What is wrong with the address of a webhook, as far as it can be seen without looking up its name. */
export function urlFault(text: string): string | undefined {
  const url = text.length <= LENGTH && URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol)) return `is an http: or https: URL of at most ${LENGTH} characters`
  if (url.username !== '' || url.password !== '') return 'has neither user name nor password'
  const literal = literalOf(url)
  return literal === undefined ? undefined : addressFault(literal, url.protocol)
}

/** Looks up names for a connection, and leaves out addresses that are not allowed: whatever a name means at this moment is checked. */
export const guardedLookup =
  (protocol: string): LookupFunction =>
  (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, '', 0)
      const allowed = found.filter(({ address }) => addressFault(address, protocol) === undefined)
      const [first] = allowed
      if (!first)
        return done(Object.assign(new Error(`the name ${addressFault(found[0]!.address, protocol)}`), { code: 'EADDRESS' }), '', 0)
      return options.all ? done(null, allowed) : done(null, first.address, first.family)
    })
  }
