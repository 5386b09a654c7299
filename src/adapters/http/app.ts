import Koa, { type Context, type Middleware } from 'koa'
import { apiRoutes } from './api.ts'
import { cors } from './cors.ts'
import { documents } from './documents.ts'
import { front } from './front.ts'
import { guard, inTurn, isReadable } from './guard.ts'
import { lost } from './lost.ts'
import type { AppOptions, RouteOptions } from './options.ts'
import { probes } from './probes.ts'
import { problemPages } from './problem-pages.ts'
import { nothingHere } from './refuse.ts'
import { unsubscribePage } from './unsubscribe.ts'

/**
 * The calls below `/api/v1` and the pages that explain them, for a Koa app that has other things besides: what is none of them goes on
 * to the next middleware. It is mounted at the root, in front of whatever reads bodies.
 */
export function chatRoutes(options: RouteOptions): Middleware {
  const guarded = inTurn(guard(options), routes(options), elsewhere)
  return (ctx, next) => (isOurs(ctx) ? guarded(ctx, next) : next())
}

/** A whole server: the same, with `/livez`, `/readyz`, `/metrics` and the page at `/`. Its `callback()` suits any `http.Server`. */
export function chatApp(options: AppOptions): Koa {
  const app = new Koa()
  app.use(inTurn(guard(options), routes(options), probes(options), front(options.page, options.bucketOrigin), lost, elsewhere))
  app.on('error', (error: NodeJS.ErrnoException) => {
    if (!HUNG_UP.test(error.code ?? '')) options.onDefect?.(error, { requestId: '', operation: 'other' })
  })
  return app
}

const routes = (options: RouteOptions): Middleware =>
  inTurn(cors(options.allowedOrigins ?? []), unsubscribePage, apiRoutes(options), documents(options), problemPages)

const OURS = /^\/(api\/v1|docs|redoc|problems|openapi\.json|asyncapi\.json)(\/|$)/

const isOurs = (ctx: Context): boolean => isReadable(ctx) && OURS.test(ctx.path)

const elsewhere: Middleware = () => {
  throw nothingHere()
}

/** A client that went away, or spoke nonsense, while it was answered: not a defect of ours. */
const HUNG_UP = /^(ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE|HPE_\w+)$/
