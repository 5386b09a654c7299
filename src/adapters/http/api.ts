import { Readable } from 'node:stream'
import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import type { UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { addressOf } from '../wire/address.ts'
import { type Endpoint, takesJson } from '../wire/endpoints/endpoint.ts'
import { endpoints } from '../wire/endpoints.ts'
import { isOwnOrigin } from '../wire/origins.ts'
import { BASE_PATH, type OperationId } from '../wire/routes.ts'
import { type Answer, NO_DOCUMENT } from './answer.ts'
import { type Body, readBody } from './body.ts'
import { type Asked, calls, invalidForm } from './calls.ts'
import { inTurn } from './guard.ts'
import type { RouteOptions } from './options.ts'
import { dropRest, inPart, rawBody, wasCut } from './raw.ts'
import { nothingHere, refuse, traceOf } from './refuse.ts'
import { tus } from './tus.ts'

/** Every call below the base path, from the table of endpoints. Whatever else is asked for there is refused. */
export function apiRoutes(options: RouteOptions): Middleware {
  const router = new Router({ prefix: BASE_PATH, sensitive: true })
  const call = calls(options)
  for (const [id, { method, path }] of Object.entries(endpoints) as [OperationId, Endpoint][])
    router[method](path.replace(/\{(\w+)\}/g, ':$1'), answering(id, call, options))
  const route = inTurn(tus(options.fileLimit), router.routes() as unknown as Middleware)
  return async (ctx, next) => {
    if (ctx.path !== BASE_PATH && !ctx.path.startsWith(`${BASE_PATH}/`)) return next()
    ctx.set('Cache-Control', 'no-store')
    ctx.set('Content-Security-Policy', NO_DOCUMENT)
    if (options.isDraining?.()) throw new Refusal('draining')
    return route(ctx, async () => unanswered(ctx))
  }
}

/** No call has this address and this method. */
function unanswered(ctx: Context): void {
  const layers = (ctx as { matched?: readonly { readonly methods: readonly string[] }[] }).matched ?? []
  const methods = new Set(layers.flatMap((layer) => layer.methods))
  if (methods.size === 0) throw nothingHere()
  ctx.set('Allow', [...methods].sort().join(', '))
  if (ctx.method === 'OPTIONS') ctx.status = 204
  else refuse(ctx, 'method-not-allowed')
}

type Answering = (id: OperationId, asked: Asked) => Promise<Answer>

const answering =
  (id: OperationId, call: Answering, options: RouteOptions): Middleware =>
  async (ctx) => {
    const trace = traceOf(ctx)
    trace.operation = id
    const endpoint: Endpoint = endpoints[id]
    const body = await bodyOf(ctx, endpoint)
    if ('problem' in body) return endpoint.form && body.problem === 'bad-json' ? send(ctx, invalidForm) : refuse(ctx, body.problem)
    const raw = rawBody(ctx)
    const { params, querystring } = ctx as Context & Pick<Asked, 'params'>
    const asked = {
      params,
      querystring,
      body: body.value,
      raw,
      authorization: ctx.get('Authorization'),
      actAs: ctx.get('Act-As') || undefined,
      identified: options.identify && (() => identified(ctx, options)),
      address: () => addressOf(ctx.req, options.trustedProxies ?? 0),
      requestId: trace.requestId,
      base: `${ctx.protocol}://${ctx.host}`,
      idempotencyKey: ctx.get('Idempotency-Key') || ctx.get('X-GitHub-Delivery') || undefined,
      known(userId: UserId) {
        trace.userId = userId
      },
    }
    try {
      await send(ctx, await call(id, asked))
    } catch (thrown) {
      throw endpoint.raw && wasCut(ctx) ? inPart() : thrown
    } finally {
      if (endpoint.raw) dropRest(ctx)
    }
  }

/** A browser sends its cookies with the requests of any page: all but reading needs a page of ours. */
async function identified(ctx: Context, { identify, allowedOrigins = [], publicUrl, trustedProxies = 0 }: RouteOptions) {
  const caller = await identify!(ctx.req)
  const isReading = ctx.method === 'GET' || ctx.method === 'HEAD'
  if (caller && !isReading && !isOwnOrigin(ctx.req, { allowedOrigins, publicUrl, trustedProxies }))
    throw new Refusal('not-allowed', { requires: ['origin'] })
  return caller
}

const none: Body = { value: undefined }

async function bodyOf(ctx: Context, endpoint: Endpoint): Promise<Body> {
  if (endpoint.takesForms && ctx.is('urlencoded')) return readBody(ctx, 'application/x-www-form-urlencoded')
  if (takesJson(endpoint)) return readBody(ctx, 'application/json', endpoint.bodyBytes)
  return endpoint.form ? readBody(ctx, 'application/x-www-form-urlencoded') : none
}

async function send(ctx: Context, { status, headers, body, open, length }: Answer): Promise<void> {
  const bytes = ctx.method === 'HEAD' ? undefined : await open?.()
  if (open && !bytes && ctx.method !== 'HEAD') throw new Error('the bytes of a file are missing')
  // Koa would write the name of the status where there is no body.
  ctx.body = null
  ctx.status = status
  for (const [name, value] of Object.entries(headers ?? {})) if (value !== undefined) ctx.set(name, value)
  if (bytes) sendBytes(ctx, bytes)
  if (length !== undefined) ctx.length = length
  if (body === undefined) return
  ctx.set('Content-Type', 'application/json')
  ctx.body = JSON.stringify(body)
}

/** A reader who goes away, or a source that fails, ends both. */
function sendBytes(ctx: Context, bytes: AsyncIterable<Uint8Array>): void {
  const stream = bytes instanceof Readable ? bytes : Readable.from(bytes, { objectMode: false })
  stream.once('error', () => ctx.res.destroy())
  ctx.body = stream
}
