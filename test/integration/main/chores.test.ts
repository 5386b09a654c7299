import { expect, it } from 'vitest'
import { defaultConfig } from '../../../src/main/config.ts'
import { openApplication } from '../../../src/main/container.ts'
import { choresOf } from '../../../src/main/housekeeping.ts'
import { silent } from '../../../src/main/logging.ts'
import { databases, freshDatabase } from '../../support/databases.ts'

const urls = { memory: 'memory:', sqlite: 'sqlite::memory:' }

/** The service as it is composed, not as tests put it together. */
it.each(databases)('every periodic task does its work over %s, twice, while somebody is connected', async (kind) => {
  const fresh = kind === 'postgres' ? await freshDatabase() : undefined
  const app = await openApplication({
    config: { ...defaultConfig(), databaseUrl: fresh?.url ?? urls[kind as keyof typeof urls] },
    log: silent(),
    ports: {},
  })
  const { user, sessionId } = await app.api.register(
    { address: '127.0.0.1' },
    { name: 'Anna', email: 'anna@example.com', password: 'a long password' },
  )
  const caller = { userId: user.id, sessionId }
  const endings: string[] = []
  await app.hub.open({ ...caller, deliver() {}, end: (why) => void endings.push(why) }).resume({ cursors: new Map() })
  const failed: unknown[] = []
  for (let round = 0; round < 2; round++)
    for (const { name, run } of choresOf(app)) await Promise.resolve(run()).catch((error: unknown) => void failed.push([name, error]))
  expect({ failed, endings }).toEqual({ failed: [], endings: [] })
  await app.close()
  await fresh?.drop()
})
