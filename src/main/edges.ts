import { fileURLToPath } from 'node:url'
import type { AppOptions } from '../adapters/http/options.ts'
import { stopwatch } from '../adapters/system/clock.ts'
import type { Tracer } from '../adapters/tracing/tracer.ts'
import { SOCKET_PATH } from '../adapters/wire/routes.ts'
import { type ChatSockets, type ChatSocketsOptions, chatSockets } from '../adapters/ws/chat-sockets.ts'
import type { Config } from './config.ts'
import type { Opened } from './container.ts'
import type { Identifying } from './host/identify.ts'
import type { Logger } from './logging.ts'
import { version } from './version.ts'

/** Characters of a path in the log, at most. */
const LOGGED_PATH = 200

export interface EdgeNeeds {
  readonly identify?: Identifying | undefined
  readonly basePath?: string
  readonly app: Opened
  readonly config: Config
  readonly log: Logger
  readonly readiness: { readonly isDraining: boolean }
}

/** Sockets that any `http.Server` may be attached to. */
export async function openSockets(needs: EdgeNeeds): Promise<ChatSockets> {
  const sockets = chatSockets(await socketOptions(needs))
  const { gauge } = needs.app.metrics
  gauge('ws_slow_readers', () => sockets.slowReaders().count)
  gauge('ws_waiting_bytes', () => sockets.slowReaders().bytes)
  return sockets
}

async function socketOptions({ app, config, log, identify, basePath = '' }: EdgeNeeds): Promise<ChatSocketsOptions> {
  const { api, hub, activity, metrics } = app
  const { limiter, journal, clock, newId, random } = app.ports
  const { allowedOrigins, publicUrl, trustedProxies } = config
  const perPerson = config.rateLimits ? undefined : Number.POSITIVE_INFINITY
  const epoch = await api.epoch()
  return {
    api,
    hub,
    activity,
    metrics,
    limiter,
    journal,
    clock,
    newId,
    random,
    epoch,
    allowedOrigins,
    publicUrl,
    trustedProxies,
    perPerson,
    fileLimit: config.fileLimit,
    groupLimit: app.ports.groupLimit,
    log,
    identify,
    path: basePath + SOCKET_PATH,
  }
}

export function httpOptions({ app, config, log, readiness, identify }: EdgeNeeds): AppOptions {
  const { metrics } = app
  return {
    api: app.api,
    version,
    newId: app.ports.newId,
    stopwatch,
    guests: config.demo || config.guests,
    passkeys: app.ports.passkeys !== undefined,
    messageTtl: config.messageTtl,
    publicUrl: config.publicUrl,
    allowedOrigins: config.allowedOrigins,
    trustedProxies: config.trustedProxies,
    fileLimit: config.fileLimit,
    groupLimit: app.ports.groupLimit,
    isDraining: () => readiness.isDraining,
    activity: app.activity,
    identify,
    onDefect: (error, { requestId, operation }) => log.error({ err: error, request_id: requestId, operation }, 'A request met a defect'),
    onRequest(request) {
      metrics.requestAnswered(request)
      if (log.isLevelEnabled('debug')) {
        const { requestId, userId, seconds, path, ...rest } = request
        const facts = { request_id: requestId, user_id: userId, path: path.slice(0, LOGGED_PATH), ms: Math.round(seconds * 1e5) / 100 }
        log.debug({ ...facts, ...rest }, 'Answered')
      }
    },
    trace: app.tracer && tracing(app.tracer),
    ready: async () => {
      await app.store.check()
      if (app.outages.isUnwritable()) await app.store.checkWriting()
      for (const kind of ['away', 'slow', 'writing'] as const) app.outages.over(kind)
      return true
    },
    metrics: { token: config.metricsToken, render: metrics.render },
    bucketOrigin: bucketOrigin(config),
    page: { folder: pageFolder(), kinds: config.pageKinds },
  }
}

/** A span for each request, named by its operation. Paths are left out, since inlets and searches have secrets in theirs. */
const tracing =
  ({ span }: Tracer): AppOptions['trace'] =>
  (parent, answer) =>
    span('request', { kind: 'server', parent }, async (told) => {
      const { method, operation, status, requestId, userId } = await answer()
      told.rename(`${method} ${operation}`)
      told.set({ 'http.request.method': method, 'http.response.status_code': status, 'request_id': requestId, 'user.id': userId })
      if (status >= 500) told.fail(String(status))
    })

/** Where the build puts the page, as seen from the compiled program and from the sources. */
const pageFolder = () => fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../dist/web' : '../web', import.meta.url))

const bucketOrigin = ({ files, fileRedirect }: Config) => (fileRedirect && files?.kind === 's3' ? new URL(files.bucket).origin : undefined)
