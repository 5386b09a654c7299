import { BASE_PATH } from '../wire/routes.ts'

interface Ends {
  readonly next: string | null
  readonly prev: string | null
}

/** What chooses a place; a cursor takes over from these. */
const places = new Set(['before', 'after', 'around', 'offset', 'cursor'])

/** The `Link` header (RFC 8288) of a page: the same list at its other cursors. */
export function links(address: string, query: Readonly<Record<string, unknown>>, { next, prev }: Ends): string | undefined {
  const kept = Object.entries(query).filter(([name, value]) => value !== undefined && value !== false && !places.has(name))
  const link = (cursor: string | null, rel: string) => {
    if (cursor === null) return []
    const search = new URLSearchParams([...kept.map(([name, value]) => [name, String(value)]), ['cursor', cursor]])
    return [`<${address}?${search.toString()}>; rel="${rel}"`]
  }
  return [...link(next, 'next'), ...link(prev, 'prev')].join(', ') || undefined
}

/** Where a call is found, as a client writes it. */
export const addressIn = (publicUrl: string | undefined, path: string): string => `${publicUrl ?? ''}${BASE_PATH}${path}`
