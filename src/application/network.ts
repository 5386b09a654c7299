/**
 * The network that limits count for an address: an IPv4 address itself, or the /64 of an IPv6 address, since one subscriber has 2⁶⁴ of those.
 * Whatever is no address is its own network.
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [before = '', after] = address.toLowerCase().split('%', 1)[0]!.split('::')
  const groups = before === '' ? [] : before.split(':')
  const last = after === undefined || after === '' ? [] : after.split(':')
  const zeros = after === undefined ? 0 : Math.max(0, GROUPS - groups.length - last.length)
  const prefix = [...groups, ...Array.from({ length: zeros }, () => '0'), ...last].slice(0, PREFIX)
  return `${prefix.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}

/** The network that wrong passwords and known networks count for: the /24 of an IPv4 address, else as above. */
export function subnetOf(address: string): string {
  const [, front] = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(address) ?? []
  return front === undefined ? networkOf(address) : `${front}.0/24`
}

const GROUPS = 8
const PREFIX = 4
