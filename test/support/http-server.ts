import { randomUUIDv7 } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chatApp } from '../../src/adapters/http/app.ts'
import type { AppOptions } from '../../src/adapters/http/options.ts'
import type { Passwords } from '../../src/application/ports/passwords.ts'
import type { OutboundPorts } from '../../src/main/compose.ts'
import { type Config, defaultConfig } from '../../src/main/config.ts'
import { type Opened, openApplication } from '../../src/main/container.ts'
import { silent } from '../../src/main/logging.ts'
import { type HttpClient, httpClient } from './http-client.ts'

/** Tests are not about how slow it is. */
export const plainPasswords: Passwords = {
  hash: async (password) => `plain ${password}`,
  verify: async (hash, password) => hash === `plain ${password}`,
}

/** An application on memory without limits of rates. */
export const openOnMemory = (config: Partial<Config> = {}, ports: Partial<OutboundPorts> = {}): Promise<Opened> =>
  openApplication({
    config: { ...defaultConfig(), databaseUrl: 'memory:', rateLimits: false, ...config },
    log: silent(),
    ports: { passwords: plainPasswords, ...ports },
  })

export interface HttpServed extends HttpClient, AsyncDisposable {
  readonly app: Opened
  /** What was thrown and is no refusal. */
  readonly defects: unknown[]
  close(): Promise<void>
}

/** The HTTP interface on a real socket, before an application on memory. */
export async function serveHttp(
  options: Partial<AppOptions> = {},
  config: Partial<Config> = {},
  ports: Partial<OutboundPorts> = {},
): Promise<HttpServed> {
  const app = await openOnMemory(config, ports)
  const defects: unknown[] = []
  const served = chatApp({
    api: app.api,
    version: '1.2.3',
    newId: randomUUIDv7,
    stopwatch: () => performance.now(),
    onDefect: (defect) => defects.push(defect),
    ...options,
  })
  const { url, close: stop } = await listening(createServer(served.callback()))
  const close = async () => {
    await stop()
    await app.close()
  }
  return { ...httpClient(url), app, defects, close, [Symbol.asyncDispose]: close }
}

/** Any HTTP server on a port of its own. */
export async function listening(server: Server): Promise<{ readonly url: string; close(): Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
