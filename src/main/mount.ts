import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http'
import type { Middleware } from 'koa'
import { chatApp, chatRoutes } from '../adapters/http/app.ts'
import { chatSockets } from '../adapters/ws/chat-sockets.ts'
import type { ChatApi } from '../application/chat-api.ts'
import type { Hub } from '../application/hub.ts'
import { defaultConfig } from './config.ts'
import { openApplication } from './container.ts'
import { httpOptions, socketOptions } from './edges.ts'
import { housekeeping } from './housekeeping.ts'
import { silent } from './logging.ts'
import type { ServerOptions } from './server.ts'

/** The chat without a listener of its own, for a server that somebody else runs. */
export interface Mounted {
  readonly api: ChatApi
  readonly hub: Hub
  /** For a Koa app: `/api/v1`, the documents, the pages that explain problems; anything else goes on to the next middleware. */
  readonly routes: Middleware
  /** For a bare `http.Server`: all of it, the page at the root included. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void
  /** Takes the upgrades of a server that are for the chat. */
  attach(server: HttpServer): void
  /** Sends the sockets away and lets go of the database. The server itself is closed by whoever opened it. */
  close(): Promise<void>
}

const DRAINED_WITHIN = 3_000

/**
 * Opens the chat to be mounted into a Koa app or a bare `http.Server`. Settings are those of `createServer`.
 *
 * @example
 * const chat = await openChat({ databaseUrl: 'sqlite:chat.db' })
 * app.use(chat.routes)
 * const server = http.createServer(app.callback())
 * chat.attach(server)
 */
export async function openChat({ log = silent(), ports, ...settings }: ServerOptions = {}): Promise<Mounted> {
  const config = { ...defaultConfig(), ...settings }
  const app = await openApplication({ config, log, ports })
  await app.finishLeftovers()
  const readiness = { isDraining: false }
  const needs = { app, config, log, readiness }
  const sockets = chatSockets(await socketOptions(needs))
  const chores = housekeeping(app, log)
  const options = httpOptions(needs)
  const answer = chatApp(options).callback()
  return {
    api: app.api,
    hub: app.hub,
    routes: chatRoutes(options),
    listener: (request, response) => void answer(request, response),
    attach: (server) => sockets.attach(server),
    async close() {
      readiness.isDraining = true
      await sockets.drain(DRAINED_WITHIN)
      sockets.close()
      await chores.stop()
      await app.close()
    },
  }
}
