import { randomUUID } from 'node:crypto'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Chat } from '../../src/adapters/wire/schemas/chats.ts'
import type { Event } from '../../src/adapters/wire/schemas/events.ts'
import type { Message } from '../../src/adapters/wire/schemas/messages.ts'
import { windiChat } from '../support/command.ts'
import { httpClient } from '../support/http-client.ts'
import { freePort, tempFolder } from '../support/places.ts'
import { startService } from '../support/service.ts'
import { connect, type SocketClient, turnedAway } from '../support/socket-client.ts'
import { eventually } from '../support/waiting.ts'

const memory = { DATABASE_URL: 'memory:' }

describe('wrong settings', () => {
  it('are told all at once, each with its source and an example, with status 78', async () => {
    await using folder = await tempFolder()
    const env = {
      PORT: '70000',
      HOST: 'a b',
      DATABASE_URL: 'mysql://x',
      REDIS_URL: 'http://x',
      JWT_SECRET: 'too short',
      ACCESS_TOKEN_TTL: 'soon',
      REFRESH_TOKEN_TTL: '-1d',
      ALLOWED_ORIGINS: 'nonsense',
      TRUST_PROXY: 'maybe',
      PUBLIC_URL: 'ftp://x',
      RATE_LIMITS: 'yes',
      DIRECTORY: 'closed',
      DEMO: 'perhaps',
      METRICS_TOKEN: 'a b',
      LOG_LEVEL: 'loud',
    }
    const { status, stdout, stderr } = await windiChat(folder.path, ['serve'], { env })
    expect(status).toBe(78)
    for (const name of Object.keys(env)) expect(stdout + stderr).toMatch(new RegExp(`${name} \\(environment\\)[^]*?${name}=`))
    expect(stdout + stderr).not.toContain('too short')
    expect((await windiChat(folder.path, ['serve'], { env: { JWT_SECRET_FILE: join(folder.path, 'nowhere') } })).status).toBe(78)
    expect((await windiChat(folder.path, ['serve', '--nonsense'])).status).not.toBe(0)
    expect((await windiChat(folder.path, ['nonsense'])).status).not.toBe(0)
  })

  it('leave a secret in a file alone that is right', async () => {
    await using folder = await tempFolder()
    const file = join(folder.path, 'secret')
    await writeFile(file, 'thirty-two bytes of a kept secret\n')
    await using first = await startService({ folder: folder.path, env: { JWT_SECRET_FILE: file } })
    const anna = await httpClient(first.url).register('Анна')
    await using second = await startService({ folder: folder.path, env: { JWT_SECRET: 'thirty-two bytes of a kept secret' } })
    expect((await httpClient(second.url).call('get', '/users/me', { token: anna.token })).status).toBe(200)
    await expect(stat(join(folder.path, 'data', 'windi-chat.db.secret'))).rejects.toThrow('ENOENT')
  })
})

describe('commands', () => {
  it('are all there, and explain themselves', async () => {
    await using folder = await tempFolder()
    const { status, stdout } = await windiChat(folder.path, ['--help'])
    expect(status).toBe(0)
    for (const name of ['serve', 'migrate', 'seed', 'user', 'token', 'doctor', 'backup', 'restore', 'openapi', 'asyncapi'])
      expect(stdout).toContain(name)
    for (const name of ['openapi', 'asyncapi']) expect(JSON.parse((await windiChat(folder.path, [name])).stdout)).toHaveProperty(name)
  })

  it('seed demo data, twice without harm', async () => {
    await using folder = await tempFolder()
    for (let i = 0; i < 2; i++) expect((await windiChat(folder.path, ['seed'])).status).toBe(0)
    await using service = await startService({ folder: folder.path })
    const people = []
    for (let i = 1; i <= 5; i++)
      people.push(await httpClient(service.url).login(i % 2 ? `user${i}` : `user${i}@example.com`, 'password123'))
    const kinds = []
    for (const person of people) {
      const { body } = await person.call<{ items: Chat[] }>('get', '/chats')
      for (const chat of body.items) {
        expect(chat.last_message).not.toBeNull()
        expect(chat.member_count).toBe(chat.kind === 'group' ? 5 : 2)
      }
      kinds.push(
        body.items
          .map(({ kind }) => kind)
          .sort()
          .join(),
      )
    }
    expect(kinds).toEqual(['group,private', 'group,private,private', 'group,private,private', 'group,private,private', 'group,private'])
    const { body } = await people[0]!.call<{ total: number }>('get', '/users?count=true')
    expect(body.total).toBe(4)
  })
})

describe('RATE_LIMITS=on', () => {
  it('bounds sign-ins, registrations and sends, and says when to come again', async () => {
    await using service = await startService({ env: { ...memory, RATE_LIMITS: 'on' } })
    const client = httpClient(service.url)
    const anna = await client.register('Анна')
    const chat = (await anna.call<Chat>('post', '/chats', { kind: 'group', name: 'Все' })).body.id
    const until429 = async (call: (i: number) => Promise<{ status: number; headers: Headers; body: unknown }>, most: number) => {
      for (let at = 0; at < most; at += 20) {
        const replies = await Promise.all(Array.from({ length: 20 }, (_, i) => call(at + i)))
        expect(replies.every(({ status }) => status < 500)).toBe(true)
        const refused = replies.find(({ status }) => status === 429)
        if (!refused) continue
        const { code, retry_after_ms } = refused.body as { code: string; retry_after_ms: number }
        expect(code).toBe('too-many-requests')
        expect(retry_after_ms).toBeGreaterThan(0)
        expect(Number(refused.headers.get('retry-after'))).toBe(Math.max(1, Math.ceil(retry_after_ms / 1_000)))
        return
      }
      throw new Error('was never refused')
    }
    await using socket = await connect(service.url, { token: anna.token })
    await until429((i) => anna.call('post', `/chats/${chat}/messages`, { client_message_id: `k${i}`, text: 'x' }), 2_000)
    const sends = Array.from({ length: 700 }, (_, i) =>
      socket.ask('send_message', { chat_id: chat, client_message_id: `s${i}`, text: 'x' }),
    )
    const refused = (await Promise.all(sends)).find(({ problem }) => problem)
    expect(refused!.problem).toMatchObject({ status: 429, code: 'too-many-requests', retry_after_ms: expect.any(Number) })
    await until429((i) => client.call('post', '/auth/login', { body: { login: 'anna@example.com', password: `guess ${i}` } }), 100)
    const common = { name: 'x', email: 'x@example.com', password: 'password123' }
    await until429(() => client.call('post', '/auth/register', { body: common }), 300)
    expect(await socket.get('ping', {})).toBeDefined()
  })

  it('bounds the connections of one person, with 4029', async () => {
    await using service = await startService({ env: { ...memory, RATE_LIMITS: 'on' } })
    const anna = await httpClient(service.url).register('Анна')
    const sockets = []
    for (let i = 0; i < 70; i++) {
      const socket = await connect(service.url)
      const closed = await Promise.race([
        socket
          .authorize(anna.token)
          .catch(() => undefined)
          .then(() => undefined),
        socket.closed,
      ])
      sockets.push(socket)
      if (closed || socket.of('error').length > 0) break
    }
    expect(await sockets.at(-1)!.closed).toEqual({ code: 4029 })
    for (const socket of sockets.slice(0, -1)) await socket.close()
  })
})

describe('origins', () => {
  it('are one’s own, those allowed, and that of PUBLIC_URL', async () => {
    await using service = await startService({
      env: { ...memory, ALLOWED_ORIGINS: 'https://a.example,https://b.example:8443', PUBLIC_URL: 'https://chat.example' },
    })
    for (const origin of ['https://a.example', 'https://b.example:8443', 'https://chat.example', service.url]) {
      await using socket = await connect(service.url, { origin })
      expect(socket.of('hello')).toHaveLength(1)
    }
    for (const origin of ['https://c.example', 'https://b.example', 'http://a.example', 'null', 'https://a.example.evil.example'])
      expect([origin, (await turnedAway(service.url, { origin })).status]).toEqual([origin, 403])
    expect(JSON.parse((await turnedAway(service.url, { origin: 'https://c.example' })).body)).toMatchObject({
      code: 'not-allowed',
      status: 403,
    })
  })
})

describe('a crash', () => {
  it('under load loses nothing that was acknowledged, and resending everything stores each once', async () => {
    await using folder = await tempFolder()
    const port = await freePort()
    const first = await startService({ folder: folder.path, port })
    const [anna, boris] = [await httpClient(first.url).register('Анна'), await httpClient(first.url).register('Борис')]
    const chat = (await anna.call<Chat>('post', '/chats', { kind: 'group', name: 'Все', member_ids: [boris.id] })).body.id
    const acknowledged = new Map<string, string>()
    const attempted: { who: typeof anna; key: string }[] = []
    const sockets = await Promise.all([anna, boris].map(({ token }) => connect(first.url, { token })))
    const load = [anna, boris].flatMap((who, i) => [
      ...Array.from({ length: 4 }, async () => {
        for (;;) {
          const key = randomUUID()
          attempted.push({ who, key })
          const reply = await who
            .call<Message>('post', `/chats/${chat}/messages`, { client_message_id: key, text: `текст ${key}` })
            .catch(() => undefined)
          if (!reply) return
          acknowledged.set(key, reply.body.id)
        }
      }),
      ...Array.from({ length: 4 }, async () => {
        for (;;) {
          const key = randomUUID()
          attempted.push({ who, key })
          const sent = await sockets[i]!.get('send_message', { chat_id: chat, client_message_id: key, text: `текст ${key}` }).catch(
            () => undefined,
          )
          if (!sent) return
          acknowledged.set(key, sent.message.id)
        }
      }),
    ])
    await eventually(() => expect(acknowledged.size).toBeGreaterThan(300), { timeoutMs: 15_000 })
    await first.kill('SIGKILL')
    await Promise.all(load)

    await using second = await startService({ folder: folder.path, port })
    const wholeLog = async () => {
      const items: Event[] = []
      for (let after = 0; ; after = items.length) {
        const { body } = await anna.call<{ items: Event[]; head: number }>('get', `/chats/${chat}/events?after=${after}&limit=100`)
        items.push(...body.items)
        if (items.length >= body.head || body.items.length === 0) return items
      }
    }
    const kept = await wholeLog()
    expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, i) => i + 1))
    const ids = () => kept.flatMap((event) => (event.type === 'message.sent' ? [event.message.id] : []))
    expect([...acknowledged.values()].filter((id) => !new Set(ids()).has(id))).toEqual([])
    const stored = new Set(ids())
    for (let at = 0; at < attempted.length; at += 50)
      await Promise.all(
        attempted.slice(at, at + 50).map(async ({ who, key }) => {
          const { status, body } = await who.call<Message>('post', `/chats/${chat}/messages`, {
            client_message_id: key,
            text: `текст ${key}`,
          })
          expect(status).toBe(stored.has(body.id) ? 200 : 201)
          expect(body.id).toBe(acknowledged.get(key) ?? body.id)
        }),
      )
    expect((await wholeLog()).filter(({ type }) => type === 'message.sent')).toHaveLength(attempted.length)
    const again = await Promise.all(
      Array.from({ length: 8 }, () =>
        anna.call<Message>('post', `/chats/${chat}/messages`, {
          client_message_id: attempted.find(({ who }) => who === anna)!.key,
          text: 'другое',
        }),
      ),
    )
    expect(again.map(({ status, body }) => [status, (body as unknown as { code: string }).code])).toEqual(
      Array(8).fill([409, 'key-reused']),
    )
    expect(second.logs()).not.toContain('текст')
  }, 60_000)
})

describe('a thousand idle sockets', () => {
  it('keep nobody from signing in and reading', async () => {
    await using service = await startService()
    const client = httpClient(service.url)
    const people = await Promise.all(Array.from({ length: 10 }, (_, i) => client.register(`Тихий ${i}`, { username: `quiet${i}` })))
    const sockets: SocketClient[] = []
    for (let i = 0; i < 100; i++) sockets.push(...(await Promise.all(people.map(({ token }) => connect(service.url, { token })))))
    await Promise.all(sockets.map((socket) => socket.resume()))
    const since = performance.now()
    const anna = await client.login('quiet0', people[0]!.password)
    const login = performance.now() - since
    const chat = (await anna.call<Chat>('post', '/chats', { kind: 'group', name: 'Все', member_ids: people.map(({ id }) => id) })).body
    expect((await anna.call('get', `/chats/${chat.id}/messages`)).status).toBe(200)
    expect(login).toBeLessThan(2_000)
    await eventually(() => expect(sockets.filter((socket) => socket.of('event').length === 1)).toHaveLength(1_000))
    for (const socket of sockets) socket.ws.terminate()
  }, 60_000)
})
