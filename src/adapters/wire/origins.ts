import { type Incoming, outermost } from './address.ts'

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
export function isWelcome(request: Pick<Incoming, 'headers'>, { allowedOrigins, publicUrl, trustedProxies }: Origins): boolean {
  const { origin } = request.headers
  if (typeof origin !== 'string' || allowedOrigins.includes('*') || allowedOrigins.includes(origin)) return true
  if (!URL.canParse(origin)) return false
  const { protocol, host, origin: from } = new URL(origin)
  if (publicUrl !== undefined && from === new URL(publicUrl).origin) return true
  const asked = outermost(request.headers['x-forwarded-host'], trustedProxies) ?? String(request.headers.host ?? '')
  const here = `${protocol}//${asked}`
  return /^https?:$/.test(protocol) && asked !== '' && URL.canParse(here) && new URL(here).host === host
}

/** The same for callers whom a browser's cookie identifies: there has to be an origin, and `*` does not count. */
export const isOwnOrigin = (request: Pick<Incoming, 'headers'>, origins: Origins): boolean =>
  typeof request.headers.origin === 'string' &&
  isWelcome(request, { ...origins, allowedOrigins: origins.allowedOrigins.filter((origin) => origin !== '*') })
