import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import type { Caller, Stranger } from '../../application/chat-api.ts'
import { isRefusal, Refusal } from '../../domain/refusal.ts'
import { addressOf } from '../wire/address.ts'
import { type Endpoint, takesJson } from '../wire/endpoints/endpoint.ts'
import { endpoints } from '../wire/endpoints.ts'
import type { Handlers } from '../wire/handlers.ts'
import { limits } from '../wire/limits.ts'
import { BASE_PATH } from '../wire/routes.ts'
import { type Body, readBody } from './body.ts'
import { chats } from './handlers/chats.ts'
import { identity } from './handlers/identity.ts'
import { messages } from './handlers/messages.ts'
import { people } from './handlers/people.ts'
import type { RouteOptions } from './options.ts'
import { nothingHere, refuse, traceOf } from './refuse.ts'
import { asGiven, shaped } from './shape.ts'

const handlersOf = ({ api, version, guests = false, publicUrl }: RouteOptions): Handlers<Stranger, Caller> => ({
  async getService() {
    return { status: 200, body: { name: 'windi-chat', version, epoch: await api.epoch(), limits, guest: guests } }
  },
  ...identity(api),
  ...people(api),
  ...chats(api),
  ...messages(api, publicUrl),
})

interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined
}
type Handler = (context: Stranger | Caller, request: { params: unknown; query: unknown; body: unknown }) => Promise<Answer>

/** Every call below the base path, from the table of endpoints. Whatever else is asked for there is refused. */
export function apiRoutes(options: RouteOptions): Middleware {
  const router = new Router({ prefix: BASE_PATH, sensitive: true })
  const handlers = handlersOf(options) as unknown as Readonly<Record<string, Handler>>
  for (const [id, endpoint] of Object.entries(endpoints) as [string, Endpoint][])
    router[endpoint.method](endpoint.path.replace(/\{(\w+)\}/g, ':$1'), answering({ id, endpoint, handler: handlers[id]! }, options))
  const route = router.routes() as unknown as Middleware
  return async (ctx, next) => {
    if (ctx.path !== BASE_PATH && !ctx.path.startsWith(`${BASE_PATH}/`)) return next()
    ctx.set('Cache-Control', 'no-store')
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

interface Call {
  readonly id: string
  readonly endpoint: Endpoint
  readonly handler: Handler
}

const answering =
  ({ id, endpoint, handler }: Call, options: RouteOptions): Middleware =>
  async (ctx) => {
    traceOf(ctx).operation = id
    const body = await bodyOf(ctx, endpoint)
    if ('problem' in body) return endpoint.form && body.problem === 'bad-json' ? sendInvalidForm(ctx) : refuse(ctx, body.problem)
    const who = endpoint.open ? { address: addressOf(ctx.req, options.trustedProxies ?? 0) } : await authenticated(ctx, options)
    try {
      send(ctx, await handler(who, shaped(ctx, endpoint, body.value)))
    } catch (thrown) {
      if (endpoint.form && isRefusal(thrown, 'invalid')) return sendInvalidForm(ctx)
      throw asGiven(thrown, ctx)
    }
  }

const none: Body = { value: undefined }

async function bodyOf(ctx: Context, endpoint: Endpoint): Promise<Body> {
  if (takesJson(endpoint)) return readBody(ctx, 'application/json')
  return endpoint.form ? readBody(ctx, 'application/x-www-form-urlencoded') : none
}

async function authenticated(ctx: Context, { api, activity }: RouteOptions): Promise<Caller> {
  const [, token] = /^bearer +([^ ]+) *$/i.exec(ctx.get('Authorization')) ?? []
  if (token === undefined) throw new Refusal('unauthenticated')
  const caller = await api.authenticate(token)
  activity?.note(caller)
  return caller
}

function send(ctx: Context, { status, headers, body }: Answer): void {
  ctx.status = status
  for (const [name, value] of Object.entries(headers ?? {})) if (value !== undefined) ctx.set(name, value)
  if (body === undefined) return
  ctx.set('Content-Type', 'application/json')
  ctx.body = JSON.stringify(body)
}

const sendInvalidForm = (ctx: Context): void =>
  send(ctx, { status: 400, body: { error: 'invalid_request', error_description: 'a field has another form, or is there twice' } })
