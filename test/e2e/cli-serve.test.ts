import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { databases, freshDatabase } from '../support/databases.ts'
import { freePort, tempFolder } from '../support/places.ts'
import { type Service, startService } from '../support/service.ts'
import { eventually } from '../support/waiting.ts'

async function call(service: Service, method: string, path: string, { token, body }: { token?: string; body?: unknown } = {}) {
  const headers = { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(body ? { 'Content-Type': 'application/json' } : {}) }
  const response = await fetch(`${service.url}/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  return { status: response.status, body: response.status === 204 ? undefined : await response.json() }
}

const register = async (service: Service, name: string) => {
  const { status, body } = await call(service, 'POST', '/auth/register', {
    body: { name, email: `${name}@example.com`, password: 'a long password' },
  })
  expect(status).toBe(201)
  return body as { user: { id: string }; access_token: string; refresh_token: string }
}

describe('serving', { timeout: 60_000 }, () => {
  it('is ready soon, says where and with what, and keeps its secret to itself', async () => {
    await using service = await startService()
    expect(service.logs()).toContain(service.url)
    expect(service.logs()).toContain(join(service.folder, 'data', 'windi-chat.db'))
    expect((await stat(join(service.folder, 'data', 'windi-chat.db.secret'))).mode & 0o777).toBe(0o600)
    expect(await (await fetch(`${service.url}/livez`)).json()).toEqual({ status: 'alive' })
    expect((await fetch(`${service.url}/openapi.json`)).status).toBe(200)
  })

  it('knows everybody and everything again after kill -9, tokens too', async () => {
    await using folder = await tempFolder()
    const port = await freePort()
    const first = await startService({ folder: folder.path, port })
    const [anna, boris] = [await register(first, 'anna'), await register(first, 'boris')]
    const sent = { body: { client_message_id: 'k1', text: 'Привет!' }, token: anna.access_token }
    const original = await call(first, 'POST', `/users/${boris.user.id}/messages`, sent)
    expect(original.status).toBe(201)
    await first.kill('SIGKILL')
    await using second = await startService({ folder: folder.path, port })
    const again = await call(second, 'POST', `/users/${boris.user.id}/messages`, sent)
    expect(again).toEqual({ status: 200, body: original.body })
    const refreshed = await call(second, 'POST', '/auth/refresh', { body: { refresh_token: anna.refresh_token } })
    expect(refreshed.status).toBe(200)
  })

  it('ends on SIGTERM with what it had begun, and with status 0', async () => {
    await using folder = await tempFolder()
    const service = await startService({ folder: folder.path })
    const anna = await register(service, 'anna')
    const { body: chat } = await call(service, 'POST', '/chats', { token: anna.access_token, body: { kind: 'group', name: 'All' } })
    const sends = Array.from({ length: 100 }, (_, i) =>
      call(service, 'POST', `/chats/${chat.id}/messages`, {
        token: anna.access_token,
        body: { client_message_id: `k${i}`, text: 'x' },
      }).catch(() => undefined),
    )
    await Promise.race(sends)
    await service.kill('SIGTERM')
    expect(await service.ended).toBe(0)
    const acknowledged = (await Promise.all(sends)).filter((answer) => answer?.status === 201)
    expect(acknowledged.length).toBeGreaterThan(0)
    await using next = await startService({ folder: folder.path })
    const { body } = await call(next, 'GET', `/chats/${chat.id}/messages?limit=100`, { token: anna.access_token })
    const kept = new Set(body.items.map(({ id }: { id: string }) => id))
    for (const answer of acknowledged) expect(kept).toContain(answer!.body.id)
  })

  it('sends its sockets elsewhere on SIGTERM, and closes them with 4000', async () => {
    await using service = await startService()
    const { access_token: token } = await register(service, 'anna')
    const frames: { type: string; after_ms?: number }[] = []
    const socket = new WebSocket(`${service.url.replace('http', 'ws')}/api/v1/ws`)
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve))
    socket.addEventListener('message', ({ data }) => frames.push(JSON.parse(data)))
    await eventually(() => expect(frames).toMatchObject([{ type: 'hello' }]))
    socket.send(JSON.stringify({ type: 'authorize', token, ref: 'a' }))
    await eventually(() => expect(frames).toMatchObject([{ type: 'hello' }, { type: 'ok' }]))
    await service.kill('SIGTERM')
    expect((await closed).code).toBe(4_000)
    expect(frames.at(-1)).toEqual({ type: 'reconnect', after_ms: expect.any(Number) })
    expect(await service.ended).toBe(0)
  })

  it('refuses to share a port, and says which', async () => {
    await using service = await startService()
    const other = await startService({ port: service.port, readyAt: null })
    expect(await other.ended).toBe(1)
    expect(other.logs()).toContain(`Port ${service.port}`)
    await other.stop()
  })

  it('has people to be and guests where it is a demo, and neither elsewhere', async () => {
    await using demo = await startService({ env: { DEMO: 'on' } })
    const login = { body: { login: 'user3@example.com', password: 'password123' } }
    expect((await call(demo, 'POST', '/auth/login', login)).status).toBe(200)
    expect((await call(demo, 'POST', '/auth/guest', { body: {} })).status).toBe(201)
    await using plain = await startService()
    expect((await call(plain, 'POST', '/auth/login', login)).status).toBe(401)
    expect((await call(plain, 'POST', '/auth/guest', { body: {} })).body.code).toBe('not-found')
  })

  it('shows metrics on an address of their own, and to whom the token names, without a word of anybody', async () => {
    const metricsPort = await freePort()
    await using service = await startService({ env: { METRICS_TOKEN: 'abc', METRICS_LISTEN: `127.0.0.1:${metricsPort}` } })
    const anna = await register(service, 'anna')
    const { body: chat } = await call(service, 'POST', '/chats', { token: anna.access_token, body: { kind: 'group', name: 'Geheim' } })
    await call(service, 'POST', `/chats/${chat.id}/messages`, {
      token: anna.access_token,
      body: { client_message_id: 'k', text: 'Geheimnis' },
    })
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    expect(metrics).toContain('windi_chat_messages_sent_total 1')
    for (const gauge of ['changes_waiting', 'ws_slow_readers', 'ws_waiting_bytes']) expect(metrics).toContain(`windi_chat_${gauge} 0`)
    expect(metrics).toContain('operation="sendMessage"')
    for (const gauge of ['ready 1', 'build_info{', 'disk_free_bytes', 'database_wal_bytes'])
      expect(metrics).toContain(`windi_chat_${gauge}`)
    for (const word of ['Geheim', 'anna', chat.id]) expect(metrics + service.logs()).not.toContain(word)
    expect((await fetch(`${service.url}/metrics`)).status).toBe(404)
    expect((await fetch(`${service.url}/metrics`, { headers: { Authorization: 'Bearer abc' } })).status).toBe(200)
  })

  it('limits how often one may try to sign in, and lifts that with RATE_LIMITS=off', async () => {
    const guesses = async (service: Service) => {
      const answers = []
      for (let i = 0; i < 25; i++)
        answers.push(await call(service, 'POST', '/auth/login', { body: { login: 'anna@example.com', password: `guess number ${i}` } }))
      return answers.filter(({ status }) => status === 429)
    }
    await using limited = await startService({ env: { RATE_LIMITS: 'on' } })
    const refused = await guesses(limited)
    expect(refused).toHaveLength(15)
    expect(refused[0]!.body).toMatchObject({ code: 'too-many-requests', retry_after_ms: expect.any(Number) })
    await using lifted = await startService()
    expect(await guesses(lifted)).toEqual([])
  })
})

describe('the secret', { timeout: 60_000 }, () => {
  it('is one for all processes that start at once in one folder', async () => {
    await using folder = await tempFolder()
    const all = await Promise.all([1, 2, 3].map(() => startService({ folder: folder.path })))
    const anna = await register(all[0]!, 'anna')
    for (const service of all) expect((await call(service, 'GET', '/users/me', { token: anna.access_token })).status).toBe(200)
    await Promise.all(all.map((service) => service.stop()))
  })

  it.each(databases.filter((kind) => kind === 'postgres'))('is one for all processes that start at once on an empty %s', async () => {
    await using database = await freshDatabase()
    const all = await Promise.all([1, 2, 3].map(() => startService({ env: { DATABASE_URL: database.url } })))
    const anna = await register(all[0]!, 'anna')
    for (const service of all) expect((await call(service, 'GET', '/users/me', { token: anna.access_token })).status).toBe(200)
    expect(all[0]!.logs()).not.toContain('postgres@')
    await Promise.all(all.map((service) => service.stop()))
  })

  it('may be given, and is then not kept', async () => {
    await using service = await startService({ env: { JWT_SECRET: 'a secret of at least thirty-two bytes' } })
    await expect(readFile(join(service.folder, 'data', 'windi-chat.db.secret'))).rejects.toThrow('ENOENT')
  })
})

it('ends at once on the second signal', { timeout: 60_000 }, async () => {
  const service = await startService()
  const { port } = service
  const slow = fetch(`http://127.0.0.1:${port}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    duplex: 'half',
    body: new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{')) }),
  } as RequestInit).catch(() => undefined)
  await eventually(async () => expect((await fetch(`${service.url}/readyz`)).status).toBe(200))
  process.kill(service.pid, 'SIGTERM')
  await eventually(() => expect(service.logs()).toContain('Ending'))
  const started = performance.now()
  await service.kill('SIGINT')
  expect(await service.ended).toBe(130)
  expect(performance.now() - started).toBeLessThan(1_000)
  await slow
  await service.stop()
})
