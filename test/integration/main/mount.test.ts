import { createServer, type RequestListener } from 'node:http'
import Koa from 'koa'
import { describe, expect, it } from 'vitest'
import { inProcessBuses } from '../../../src/adapters/bus/in-process.ts'
import { memoryPorts } from '../../../src/adapters/memory/ports.ts'
import { memoryStore } from '../../../src/adapters/memory/store.ts'
import { openChat } from '../../../src/main/mount.ts'
import type { ServerOptions } from '../../../src/main/server-options.ts'
import { httpClient } from '../../support/http-client.ts'
import { listening, plainPasswords } from '../../support/http-server.ts'

/** A bus that says when it was let go of, as everything is that was opened. */
function watchedBus() {
  const bus = inProcessBuses()()
  const watched = {
    isClosed: false,
    ...bus,
    async close() {
      watched.isClosed = true
      await bus.close()
    },
  }
  return watched
}

async function mounted({ ports, ...options }: ServerOptions = {}) {
  const bus = watchedBus()
  const chat = await openChat({ databaseUrl: 'memory:', ports: { passwords: plainPasswords, bus, ...ports }, ...options })
  return { chat, bus }
}

const person = { name: 'Анна', email: 'anna@example.com', password: 'four words in line' }

describe('a chat on somebody else’s server', () => {
  it('has the demo data where they are asked for', async () => {
    const { chat } = await mounted({ demo: true })
    await using server = await served(chat.listener)
    const user = await httpClient(server.url).login('user1', 'password123')
    expect((await user.call<{ items: unknown[] }>('get', '/chats')).body.items).toHaveLength(2)
    await chat.close()
  })

  it('tells of slow readers', async () => {
    const { chat } = await mounted({ metricsToken: 't' })
    await using server = await served(chat.listener)
    expect(await (await fetch(`${server.url}/metrics`, { headers: { authorization: 'Bearer t' } })).text()).toMatch(
      /^windi_chat_ws_slow_readers 0\n[^]*^windi_chat_ws_waiting_bytes 0$/m,
    )
    await chat.close()
  })

  it.each([
    ['bare', ({ listener }) => listener],
    ['of Koa', ({ routes }) => new Koa().use(routes).callback() as RequestListener],
  ] satisfies [string, (chat: Awaited<ReturnType<typeof openChat>>) => RequestListener][])(
    'keeps what a request needs until it is answered: %s',
    async (_, listenerOf) => {
      const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const passwords = {
        ...plainPasswords,
        async hash(password: string) {
          begun.resolve()
          await goOn.promise
          return plainPasswords.hash(password)
        },
      }
      const { chat, bus } = await mounted({ ports: { passwords } })
      await using server = await served(listenerOf(chat))
      const answer = httpClient(server.url).call('post', '/auth/register', { body: person })
      await begun.promise
      const closed = Promise.all([chat.close(), chat.close()])
      expect((await httpClient(server.url).call('post', '/auth/register', { body: person })).status).toBe(503)
      expect(bus.isClosed).toBe(false)
      goOn.resolve()
      expect((await answer).status).toBe(201)
      await closed
      expect(bus.isClosed).toBe(true)
    },
  )

  it('waits for no request that is none of its own', async () => {
    const { chat, bus } = await mounted()
    const [begun, never] = [Promise.withResolvers<void>(), new Promise<void>(() => {})]
    const app = new Koa().use(chat.routes).use(() => {
      begun.resolve()
      return never
    })
    await using server = await served(app.callback())
    const answer = fetch(server.url).catch(() => 'cut')
    await begun.promise
    await chat.close()
    expect(bus.isClosed).toBe(true)
    await server.close()
    expect(await answer).toBe('cut')
  })

  it('holds nothing when it cannot start', async () => {
    const bus = watchedBus()
    const kept = memoryPorts(memoryStore('epoch'), () => {})
    const chats = { ...kept.chats, epoch: () => Promise.reject(new Error('no answer')) }
    await expect(openChat({ databaseUrl: 'memory:', ports: { bus, chats } })).rejects.toThrow('no answer')
    expect(bus.isClosed).toBe(true)
  })

  it('starts although what an earlier process has left cannot be finished', async () => {
    const kept = memoryPorts(memoryStore('epoch'), () => {})
    const asked = Promise.withResolvers<void>()
    const erasing = () => {
      asked.resolve()
      return Promise.reject(new Error('no answer'))
    }
    await using chat = await openChat({ databaseUrl: 'memory:', ports: { people: { ...kept.people, erasing } } })
    await asked.promise
    expect(await chat.people.upsert([{ externalId: 'ann', name: 'Ann' }])).toMatchObject([{ result: 'created' }])
  })
})

async function served(listener: RequestListener) {
  const server = await listening(createServer(listener))
  return { ...server, [Symbol.asyncDispose]: server.close }
}
