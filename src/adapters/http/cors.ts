import type { Middleware } from 'koa'

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const HEADERS =
  'Authorization, Content-Type, X-Request-Id, Range, If-Range, If-None-Match, Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset'
const EXPOSED =
  'X-Request-Id, Link, Idempotency-Replayed, Retry-After, RateLimit, RateLimit-Policy, Location, ETag, Accept-Ranges, Content-Range, Content-Disposition, Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Upload-Offset, Upload-Length, Upload-Expires'
const REMEMBERED_SECONDS = 7_200

/** Lets pages of these origins call (Fetch standard, CORS). Credentials are in a header that pages write themselves: cookies need no leave. */
export function cors(allowedOrigins: readonly string[]): Middleware {
  const isOpen = allowedOrigins.includes('*')
  return async (ctx, next) => {
    if (allowedOrigins.length === 0) return next()
    if (!isOpen) ctx.vary('Origin')
    const origin = ctx.get('Origin')
    if (origin === '' || !(isOpen || allowedOrigins.includes(origin))) return next()
    ctx.set('Access-Control-Allow-Origin', isOpen ? '*' : origin)
    ctx.set('Access-Control-Expose-Headers', EXPOSED)
    if (ctx.method !== 'OPTIONS' || ctx.get('Access-Control-Request-Method') === '') return next()
    ctx.set('Access-Control-Allow-Methods', METHODS)
    ctx.set('Access-Control-Allow-Headers', HEADERS)
    ctx.set('Access-Control-Max-Age', String(REMEMBERED_SECONDS))
    ctx.status = 204
  }
}
