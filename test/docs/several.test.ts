import { afterEach, describe, expect, it } from 'vitest'
import { freshDatabase, withNats, withRedis } from '../support/databases.ts'
import { httpClient } from '../support/http-client.ts'
import { startNats } from '../support/nats.ts'
import { startRedis } from '../support/redis.ts'
import { startService } from '../support/service.ts'
import { block } from './blocks.ts'

const blocks = {
  postgres: block('docs/operate/several-processes.md', 'postgres'),
  redis: block('docs/operate/several-processes.md', 'redis'),
  nats: block('docs/operate/several-processes.md', 'nats'),
}
const buses = ['postgres', ...(withRedis ? ['redis' as const] : []), ...(withNats ? ['nats' as const] : [])] as const
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

describe('several processes, as the guide starts them', () => {
  it.each(buses)('serve the same chats: %s', async (name) => {
    const database = await freshDatabase()
    closers.push(database.drop)
    const redis = name === 'redis' ? await startRedis() : undefined
    const nats = name === 'nats' ? await startNats() : undefined
    for (const server of [redis, nats]) if (server) closers.push(server.stop)
    const places: Readonly<Record<string, string | undefined>> = { DATABASE_URL: database.url, REDIS_URL: redis?.url, NATS_URL: nats?.url }
    const urls: string[] = []
    for (const line of blocks[name].trim().split('\n')) {
      const names = [...line.matchAll(/(\w+)=\S+/g)].map(([, setting]) => setting!).filter((setting) => setting !== 'PORT')
      const service = await startService({
        env: Object.fromEntries(names.map((setting) => [setting, places[setting]])),
        args: [line.trim().split(' ').at(-1)!],
      })
      closers.push(service.stop)
      urls.push(service.url)
    }
    expect(urls).toHaveLength(2)
    const ann = await httpClient(urls[0]!).register('Ann')
    const there = await httpClient(urls[1]!).call<{ id: string }>('get', '/users/me', { token: ann.token })
    expect(there.body.id).toBe(ann.id)
  })
})
