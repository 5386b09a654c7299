import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http'
import type { Middleware } from 'koa'
import { chatApp, chatRoutes } from '../adapters/http/app.ts'
import { oneByOne } from '../adapters/http/pipelining.ts'
import { shedding } from '../adapters/http/shedding.ts'
import type { ChatApi } from '../application/chat-api.ts'
import type { Hub } from '../application/live/hub.ts'
import { checkedBase, enters } from './base-path.ts'
import type { Application } from './compose.ts'
import { type Config, defaultConfig } from './config.ts'
import { type Opened, openApplication } from './container.ts'
import { draining, underWay } from './draining.ts'
import { httpOptions, openSockets } from './edges.ts'
import { gauges } from './gauges.ts'
import { type ChatHost, chatHost } from './host/host.ts'
import { type Identifying, identifying } from './host/identify.ts'
import { checkedOptions, HOST_OPTIONS } from './host/options.ts'
import { housekeeping } from './housekeeping.ts'
import { type Logger, silent } from './logging.ts'
import { seed } from './seed.ts'
import type { ServerOptions } from './server-options.ts'

/** The service without an HTTP server: you pass requests and upgrades of yours. */
export interface Mounted extends ChatHost, AsyncDisposable {
  readonly api: ChatApi
  readonly hub: Hub
  readonly follow: Application['follow']
  readonly unfollow: Application['unfollow']
  /** Where the data is, for operators to read; without secrets. */
  readonly place: string
  /** A Koa middleware for `/api/v1`, the documents and the pages of problems. Other paths go to the next middleware. */
  readonly routes: Middleware
  /** A listener for an `http.Server`: every path, including the chat page at `/`, the probes and `/metrics`. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void
  /** Handles upgrades of `/api/v1/ws` of this server. Other upgrades are left to your listeners. */
  attach(server: HttpServer): void
  /**
   * Closes sockets, waits for running requests, releases everything. You close the HTTP server.
   */
  close(): Promise<void>
}

/**
 * Opens the service for mounting on your HTTP server. Settings are those of `createServer`. Rejects if the database cannot be opened,
 * and then holds nothing.
 *
 * @example
 * const chat = await openChat({ databaseUrl: 'sqlite:chat.db' })
 * app.use(chat.routes)
 * const server = http.createServer(app.callback())
 * chat.attach(server)
 */
export const openChat = (options?: ServerOptions): Promise<Mounted> => openUntil(async () => {}, options)

/** The same with what a listener needs: metrics, and something to be stopped, for so long at most, before everything is let go of. */
export async function openUntil(stop: (patienceMs: number) => Promise<void>, options: ServerOptions = {}): Promise<Listened> {
  const { log = silent(), ports: own, store, identify, basePath = '', ...rest } = checkedOptions(options, HOST_OPTIONS)
  const { beforeSend, beforeCreateChat, beforeJoin, ...settings } = rest
  const config = { ...defaultConfig(), ...settings }
  const ports = { ...own, interceptors: { beforeSend, beforeCreateChat, beforeJoin } }
  const app = await openApplication({ config, log, ports, store })
  try {
    const identified = identify && identifying({ ...app, ...app.ports, identify })
    return await mounted({ app, config, log, stop, identified, basePath: checkedBase(basePath) })
  } catch (error) {
    await app.close()
    throw error
  }
}

interface Listened extends Mounted {
  /** Metrics, in the text format of Prometheus. */
  render(): Promise<{ readonly type: string; readonly text: string }>
}

interface Parts {
  readonly app: Opened
  readonly config: Config
  readonly log: Logger
  readonly identified: Identifying | undefined
  readonly basePath: string
  stop(patienceMs: number): Promise<void>
}

async function mounted({ app, config, log, stop, identified, basePath }: Parts): Promise<Listened> {
  if (config.demo) await seed({ ...app.ports, api: app.api })
  const readiness = { isDraining: false }
  const needs = { app, config, log, readiness, identify: identified, basePath }
  const options = httpOptions(needs)
  const routes = chatRoutes(options)
  const answer = chatApp(options).callback()
  const sockets = await openSockets(needs)
  const chores = housekeeping(app, { log, choreRan: app.metrics.choreRan })
  const requests = underWay()
  gauges({ app, readiness, requests })
  const onRefused = () => app.metrics.refused('overloaded')

  const close = draining({
    sockets,
    readiness,
    flush: app.flush,
    finish: (patienceMs) => Promise.all([requests.over(patienceMs), stop(patienceMs)]),
    async release() {
      await chores.stop()
      await app.close()
    },
  })
  const endHostSession = (session: string) => {
    identified?.forget()
    return app.endHostSession(session)
  }

  return {
    ...chatHost({ api: app.api, ports: app.ports, endHostSession }),
    [Symbol.asyncDispose]: close,
    close,
    api: app.api,
    render: app.metrics.render,
    hub: app.hub,
    follow: app.follow,
    unfollow: app.unfollow,
    place: app.store.place,
    async routes(context, next) {
      if (!enters(context.req, basePath)) return next()
      const over = requests.begin()
      try {
        await routes(context, () => {
          over()
          return next()
        })
      } finally {
        over()
      }
    },
    listener: oneByOne(
      shedding(
        (request, response) => {
          enters(request, basePath)
          void answer(request, response).finally(requests.begin())
        },
        { ...options, onRefused },
      ),
    ),
    attach: (server) => sockets.attach(server),
  }
}
