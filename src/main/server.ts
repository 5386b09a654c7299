import type { Server as HttpServer } from 'node:http'
import type { ChatApi } from '../application/chat-api.ts'
import type { OutboundPorts } from './compose.ts'
import { type Config, defaultConfig } from './config.ts'
import { type Opened, openApplication } from './container.ts'
import { draining } from './draining.ts'
import { attachEdges } from './edges.ts'
import { housekeeping } from './housekeeping.ts'
import { hardened, listen } from './listener.ts'
import { type Logger, silent } from './logging.ts'
import { seed } from './seed.ts'

/** Every setting that is left out has its default; nothing is read from the environment. */
export interface ServerOptions extends Partial<Config> {
  /** Of pino; silent if there is none. */
  readonly log?: Logger
  /** Parts of one's own in place of those that the settings ask for. */
  readonly ports?: Partial<OutboundPorts>
}

/** A server that serves. */
export interface Server {
  readonly url: string
  readonly api: ChatApi
  /** For people to read: where everything is kept. */
  readonly place: string
  readonly http: HttpServer
  /** Takes nothing new, tells sockets to come back elsewhere, finishes what is under way, and lets go of everything. */
  close(): Promise<void>
}

/**
 * The whole service: opens the database, brings its tables up to date, and listens. Rejects with what went wrong, and then holds nothing.
 *
 * @example
 * const server = await createServer({ databaseUrl: 'sqlite:chat.db', port: 0 })
 * console.log(`Open ${server.url}/docs`)
 * await server.close()
 */
export async function createServer({ log = silent(), ports, ...settings }: ServerOptions = {}): Promise<Server> {
  const config = { ...defaultConfig(), ...settings }
  const app = await openApplication({ config, log, ports })
  try {
    return await serveApplication(app, config, log)
  } catch (error) {
    await app.close()
    throw error
  }
}

async function serveApplication(app: Opened, config: Config, log: Logger): Promise<Server> {
  await app.finishLeftovers()
  if (config.demo) await seed({ ...app.ports, api: app.api })
  const http = hardened()
  const readiness = { isDraining: false }
  const sockets = await attachEdges(http, { app, config, log, readiness })
  const chores = housekeeping(app, log)
  const release = async () => {
    await chores.stop()
    await app.close()
  }
  const close = draining({ http, sockets, readiness, release })
  const url = await listen(http, config).catch(async (error: unknown) => {
    await close()
    throw error
  })
  return { url, api: app.api, place: app.store.place, http, close }
}
