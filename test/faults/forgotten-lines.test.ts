import { afterEach, expect, it } from 'vitest'
import { freshDatabase } from '../support/databases.ts'
import { httpClient } from '../support/http-client.ts'
import { modelClient } from '../support/model-client.ts'
import { startService } from '../support/service.ts'
import { tcpProxy } from '../support/tcp-proxy.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function scene() {
  const { url, drop } = await freshDatabase()
  closers.push(drop)
  const line = await tcpProxy(url)
  closers.push(line.close)
  const service = await startService({ env: { DATABASE_URL: line.url, LOG_LEVEL: 'warn' } })
  closers.push(service.stop)
  const ann = await httpClient(service.url).register('Ann')
  const { body } = await ann.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'Alone', member_ids: [] })
  const client = modelClient({ user: ann.id, token: ann.token, urls: [service.url], record: () => {} })
  closers.push(client.stop)
  await client.level()
  return { ann, client, chat: body.id, line }
}

it('serves again within twenty seconds when nobody answers on any line to Postgres', { timeout: 90_000 }, async () => {
  const { ann, client, chat, line } = await scene()
  const reads = (count: number) => Promise.all(Array.from({ length: count }, () => ann.call('get', `/chats/${chat}/events`)))
  await Promise.all([reads(20), client.send(chat, 'before', 'before', 1)])
  line.forget()
  const began = performance.now()
  const [read] = await Promise.all([reads(20), client.send(chat, 'after', 'after', 2)])
  expect(read.map(({ status }) => status)).toEqual(read.map(() => 200))
  expect(performance.now() - began).toBeLessThan(20_000)
})
