import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createServer, type Server } from '../../src/main/server.ts'
import { type DatabaseKind, databases, freshDatabase } from '../support/databases.ts'
import { plainPasswords } from '../support/http-server.ts'
import type { Driver } from './actor.ts'
import { overClient } from './client.ts'
import { direct } from './direct.ts'
import { overHttp } from './http.ts'
import { rules } from './rules.ts'
import { overSockets } from './socket.ts'

const drivers: Readonly<Record<string, (server: Server) => Driver>> = {
  'directly': ({ api }) => direct(api),
  'over HTTP': ({ url }) => overHttp(url),
  'over WebSocket': ({ url }) => overSockets(url),
  'with the client': ({ url }) => overClient(url),
}

const urlOf = async (kind: DatabaseKind): Promise<{ url: string; drop?(): Promise<void> }> =>
  kind === 'memory' ? { url: 'memory:' } : kind === 'sqlite' ? { url: 'sqlite::memory:' } : freshDatabase()

describe.each(databases)('on %s', (kind) => {
  let server: Server
  let database: Awaited<ReturnType<typeof urlOf>>
  beforeAll(async () => {
    database = await urlOf(kind)
    server = await createServer({ databaseUrl: database.url, port: 0, rateLimits: false, ports: { passwords: plainPasswords } })
  })
  afterAll(async () => {
    await server?.close()
    await database?.drop?.()
  })

  describe.each(Object.keys(drivers))('%s', (name) => {
    let driver: Driver
    beforeAll(() => {
      driver = drivers[name]!(server)
    })
    afterAll(() => driver.close())

    it.each(Object.entries(rules))('%s', async (_, rule) => {
      expect.hasAssertions()
      await rule(driver)
    })
  })
})
