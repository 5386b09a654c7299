import type { Context, Middleware } from 'koa'
import { addressOf, hostsOf } from '../wire/address.ts'
import type { Answered, RouteOptions } from './options.ts'
import { beginTrace, nothingHere, refuse, refuseThrown, traceOf } from './refuse.ts'

const KEPT = /^[A-Za-z0-9._-]{1,64}$/

/** Names the request, sees to it that everything thrown is answered with a problem, and tells how it went. */
export function guard(options: RouteOptions): Middleware {
  const { newId, stopwatch, onRequest, publicUrl, trustedProxies = 0, trace } = options
  const isSecure = publicUrl?.startsWith('https:')
  const answeredBy = (ctx: Context): Omit<Answered, 'seconds'> => ({
    ...traceOf(ctx),
    method: ctx.method,
    path: isReadable(ctx) ? ctx.path.replace(WITH_SECRET, '$1/…') : '',
    address: addressOf(ctx.req, trustedProxies),
    status: ctx.status,
  })

  async function answer(ctx: Context, next: () => Promise<unknown>): Promise<Omit<Answered, 'seconds'>> {
    try {
      if (hostsOf(ctx.req) > 1) refuseHosts(ctx, traceOf(ctx).requestId)
      else if (isReadable(ctx)) await next()
      else refuse(ctx, nothingHere())
    } catch (thrown) {
      if (refuseThrown(ctx, thrown)) tellDefect(options, ctx, thrown)
    }
    return answeredBy(ctx)
  }

  return async (ctx, next) => {
    const start = stopwatch()
    const given = ctx.get('X-Request-Id')
    const requestId = KEPT.test(given) ? given : newId()
    beginTrace(ctx, { requestId, operation: 'other' })
    ctx.set('X-Request-Id', requestId)
    ctx.set('X-Content-Type-Options', 'nosniff')
    if (isSecure) ctx.set('Strict-Transport-Security', STRICT)
    if (trace) await trace(ctx.get('traceparent'), () => answer(ctx, next))
    else await answer(ctx, next)
    onRequest?.({ ...answeredBy(ctx), seconds: (stopwatch() - start) / 1_000 })
  }
}

/** The addresses of an inlet and for unsubscribing have a secret at their end. */
const WITH_SECRET = /^(\/api\/v1\/(?:in|mail\/unsubscribe)\/[^/]*)\/.*$/

/** A year, for this host: RFC 6797. */
const STRICT = 'max-age=31536000'

/** RFC 9112 §3.2: a request with more than one `Host` is refused, since a proxy may have gone by another one than we do. */
function refuseHosts(ctx: Context, requestId: string): void {
  ctx.status = 400
  ctx.set('Connection', 'close')
  ctx.set('Content-Type', 'application/problem+json')
  ctx.body = JSON.stringify({ type: 'about:blank', title: 'More than one Host', status: 400, request_id: requestId })
}

/** Can the address be taken apart, and is it one of this server: clients send a path, without what only browsers keep (RFC 9112 §3.2.1). */
export const isReadable = ({ req }: Context): boolean => /^\/[^\s#]*$/.test(req.url ?? '')

function tellDefect({ onDefect }: RouteOptions, ctx: Context, thrown: unknown): void {
  if (onDefect) onDefect(thrown, traceOf(ctx))
  else ctx.app.emit('error', thrown instanceof Error ? thrown : new Error(String(thrown)), ctx)
}

/** Several as one, each deciding whether the next has its turn. */
export const inTurn =
  (...steps: readonly Middleware[]): Middleware =>
  (ctx, next) =>
    steps.reduceRight<() => Promise<unknown>>((after, step) => async () => step(ctx, after), next)()
