import { createServer } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import Koa from 'koa'
import { describe, expect, it } from 'vitest'
import { chatApp, chatRoutes } from '../../../src/adapters/http/app.ts'
import type { Answered } from '../../../src/adapters/http/options.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { httpClient } from '../../support/http-client.ts'
import { listening, openOnMemory, serveHttp } from '../../support/http-server.ts'

const basics = { version: '1.2.3', newId: () => 'made', stopwatch: () => 0 }

describe('defects', () => {
  it('are told once with all that is known, and answered with nothing but the request id', async () => {
    const defects: unknown[] = []
    await using server = await serveHttp()
    const api = { ...server.app.api, epoch: () => Promise.reject(new Error('the secret of the database')) }
    await using broken = await serveHttp({ api, onDefect: (defect, where) => defects.push([(defect as Error).message, where]) })
    const { status, body } = await broken.call('get', '/', { headers: { 'x-request-id': 'r-1' } })
    expect([status, body]).toEqual([
      500,
      { type: '/problems/internal', title: expect.any(String), status: 500, code: 'internal', request_id: 'r-1' },
    ])
    expect(defects).toEqual([['the secret of the database', { requestId: 'r-1', operation: 'getService' }]])
  })

  it('go to the error event of the app where nobody else wants them', async () => {
    const told: unknown[] = []
    const app = new Koa()
    app.on('error', (error) => told.push(error))
    const { api } = await openOnMemory()
    const defect = new Error('broken')
    app.use(chatRoutes({ ...basics, api: { ...api, epoch: () => Promise.reject(defect) } }))
    const { url, close } = await listening(createServer(app.callback()))
    expect((await httpClient(url).call('get', '/')).body.code).toBe('internal')
    expect(told).toEqual([defect])
    await close()
  })
})

describe('what is counted', () => {
  it('is each request with its operation and status', async () => {
    const answered: Answered[] = []
    let now = 0
    await using server = await serveHttp({ onRequest: (request) => answered.push(request), stopwatch: () => (now += 250) })
    await server.call('get', '/', { headers: { 'x-request-id': 'r' } })
    await server.call('get', '/chats')
    await server.call('get', '/nothing')
    await server.page('/livez')
    expect(answered.map(({ operation, status }) => [operation, status])).toEqual([
      ['getService', 200],
      ['listChats', 401],
      ['other', 404],
      ['other', 200],
    ])
    expect(answered[0]).toEqual({
      requestId: 'r',
      operation: 'getService',
      method: 'GET',
      path: '/api/v1/',
      address: '127.0.0.1',
      status: 200,
      seconds: 0.25,
    })
  })

  it('is who is active: nobody but who is known', async () => {
    const noted: string[] = []
    await using server = await serveHttp({ activity: { note: ({ userId }) => noted.push(userId) } })
    const ann = await server.register()
    await server.call('get', '/users/me')
    await ann.call('get', '/users/me')
    await ann.call('get', '/users/nobody')
    expect(noted).toEqual([ann.id, ann.id])
  })
})

describe('who is at the other end', () => {
  const addressSeen = async (trustedProxies: number, forwarded: string | undefined) => {
    const { api } = await openOnMemory()
    const seen: string[] = []
    await using server = await serveHttp({
      trustedProxies,
      api: {
        ...api,
        login(stranger) {
          seen.push(stranger.address)
          throw new Refusal('too-many-requests', { retryAfterMs: 1_200 })
        },
      },
    })
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
    const { status, headers: told, body } = await server.call('post', '/auth/login', { body: { login: 'a', password: 'b' }, headers })
    expect([status, body.code, body.retry_after_ms, told.get('retry-after')]).toEqual([429, 'too-many-requests', 1_200, '2'])
    return seen[0]
  }

  it('is the socket, whatever a header claims, unless a proxy is trusted', async () => {
    expect(await addressSeen(0, '203.0.113.9')).toBe('127.0.0.1')
  })
  it('is what the trusted proxies say, and nobody before them', async () => {
    expect(await addressSeen(1, '198.51.100.1, 203.0.113.9')).toBe('203.0.113.9')
    expect(await addressSeen(2, '192.0.2.1, 198.51.100.1, 203.0.113.9')).toBe('198.51.100.1')
    expect(await addressSeen(1, '::ffff:203.0.113.9')).toBe('203.0.113.9')
    expect(await addressSeen(2, '198.51.100.1, , 203.0.113.9')).toBe('198.51.100.1')
  })
  it('is the socket where a trusted proxy says nothing of use', async () => {
    for (const forwarded of [undefined, 'unknown', ', ', '<script>']) expect(await addressSeen(1, forwarded)).toBe('127.0.0.1')
  })
})

describe('limits on the form of OAuth 2', () => {
  it('are problems as everywhere', async () => {
    const { api } = await openOnMemory()
    const refusal = new Refusal('too-many-requests', { retryAfterMs: 5_000 })
    await using server = await serveHttp({ api: { ...api, login: () => Promise.reject(refusal) } })
    const { status, headers, body } = await server.call('post', '/auth/token', {
      body: new URLSearchParams({ username: 'a', password: 'b' }),
    })
    expect([status, body.code, headers.get('retry-after')]).toEqual([429, 'too-many-requests', '5'])
  })
})

describe('pages of other origins', () => {
  const preflight = (origin: string) => ({
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'authorization' },
  })

  it('may call when their origin is allowed', async () => {
    await using server = await serveHttp({ allowedOrigins: ['https://app.example.com'] })
    const asked = await server.page('/api/v1/users/me', preflight('https://app.example.com'))
    expect(asked.status).toBe(204)
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': expect.stringMatching(/^Authorization, Content-Type, X-Request-Id, .*Tus-Resumable/),
      'vary': 'Origin',
    })
    const refused = await server.call('get', '/users/me', { headers: { origin: 'https://app.example.com' } })
    expect(refused.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    expect(refused.headers.get('access-control-expose-headers')).toMatch(/^X-Request-Id, Link, Idempotency-Replayed, .*Upload-Offset/)
  })

  it('get no leave otherwise', async () => {
    for (const allowedOrigins of [[], ['https://app.example.com']]) {
      await using server = await serveHttp({ allowedOrigins })
      const asked = await server.page('/api/v1/users/me', preflight('https://evil.example.com'))
      expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, null])
      const { status, headers } = await server.call('get', '/', { headers: { origin: 'null' } })
      expect([status, headers.get('access-control-allow-origin')]).toEqual([200, null])
    }
  })

  it('may all call where every origin is allowed', async () => {
    await using server = await serveHttp({ allowedOrigins: ['*'] })
    const { headers } = await server.call('get', '/', { headers: { origin: 'https://any.example.com' } })
    expect(headers.get('access-control-allow-origin')).toBe('*')
  })
})

describe('a process that is shutting down', () => {
  it('refuses calls, closes their connections, and is not ready, but alive', async () => {
    const draining = { is: false }
    await using server = await serveHttp({ isDraining: () => draining.is })
    expect((await server.page('/readyz')).status).toBe(200)
    draining.is = true
    const { status, headers, body } = await server.call('get', '/')
    expect([status, body.code, headers.get('connection'), headers.get('retry-after')]).toEqual([503, 'draining', 'close', '1'])
    const ready = await server.page('/readyz')
    expect([ready.status, ready.body]).toEqual([503, '{"status":"draining"}'])
    expect((await server.page('/livez')).status).toBe(200)
  })

  it.each([
    ['says so', () => false],
    ['fails', () => Promise.reject(new Error('no database'))],
    [
      'fails at once',
      () => {
        throw new Error('no database')
      },
    ],
    ['never answers', () => new Promise<boolean>(() => {})],
  ])('is not ready when its database %s', async (_, ready) => {
    await using server = await serveHttp({ ready })
    const { status, body } = await server.page('/readyz')
    expect([status, body]).toEqual([503, '{"status":"not ready"}'])
  })
})

describe('metrics', () => {
  const render = async () => ({ type: 'text/plain; version=0.0.4', text: 'up 1\n' })
  const of = async (server: { page: (path: string, init?: RequestInit) => Promise<{ status: number; body: string }> }, headers = {}) => {
    const { status, body } = await server.page('/metrics', { headers })
    return status === 200 ? body : [status, JSON.parse(body).code]
  }

  it('are for whoever brings the token, and for nobody else on this machine: a proxy may stand there', async () => {
    await using server = await serveHttp({ metrics: { render, token: 'let-me-see' } })
    expect(await of(server, { authorization: 'Bearer let-me-see' })).toBe('up 1\n')
    expect(await of(server)).toEqual([404, 'not-found'])
    expect(await of(server, { authorization: 'Bearer let-me-sea' })).toEqual([404, 'not-found'])
  })

  it('are for nobody without a token, nor where there are none', async () => {
    await using server = await serveHttp({ metrics: { render } })
    expect(await of(server, { authorization: 'Bearer undefined' })).toEqual([404, 'not-found'])
    await using without = await serveHttp()
    expect(await of(without)).toEqual([404, 'not-found'])
  })
})

describe('what browsers are told for later', () => {
  it('is to come by https only, where that is how the server is reached', async () => {
    await using secure = await serveHttp({ publicUrl: 'https://chat.example.com' })
    for (const path of ['/livez', '/docs', '/problems/invalid', '/nothing', '/api/v1'])
      expect((await secure.page(path)).headers.get('strict-transport-security')).toBe('max-age=31536000')
    await using plain = await serveHttp({ publicUrl: 'http://localhost:8000' })
    expect((await plain.page('/docs')).headers.get('strict-transport-security')).toBeNull()
  })
})

describe('a request with two Host headers', () => {
  it('is refused, whatever it asks for', async () => {
    await using server = await serveHttp()
    for (const path of ['/livez', '/api/v1', '/']) {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
      socket.end(`GET ${path} HTTP/1.1\r\nHost: one\r\nHost: two\r\n\r\n`)
      const answer = await text(socket)
      expect(answer).toMatch(/^HTTP\/1\.1 400 /)
      expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ type: 'about:blank', status: 400, request_id: expect.any(String) })
    }
  })
})

describe('mounting', () => {
  it('leaves the rest of a Koa app alone, and comes before whatever reads bodies', async () => {
    const { api } = await openOnMemory()
    const app = new Koa()
    app.use(chatRoutes({ ...basics, api }))
    app.use((ctx) => {
      ctx.body = `theirs: ${ctx.path}`
    })
    const { url, close } = await listening(createServer(app.callback()))
    const client = httpClient(url)
    for (const path of ['/', '/livez', '/api/v10', '/documents', '/api']) expect((await client.page(path)).body).toBe(`theirs: ${path}`)
    expect((await client.register('Ann')).session.user.name).toBe('Ann')
    expect((await client.call('get', '/nothing')).body.code).toBe('not-found')
    expect((await client.page('/docs')).status).toBe(200)
    await close()
  })

  it('takes a body that somebody else has read', async () => {
    const { api } = await openOnMemory()
    const app = new Koa()
    app.use(async (ctx, next) => {
      const chunks = await ctx.req.toArray()
      Object.assign(ctx.request, { body: JSON.parse(Buffer.concat(chunks).toString()) })
      await next()
    })
    app.use(chatRoutes({ ...basics, api }))
    const { url, close } = await listening(createServer(app.callback()))
    expect((await httpClient(url).register('Ann')).session.user.name).toBe('Ann')
    await close()
  })

  it('suits a bare server', async () => {
    const { api } = await openOnMemory()
    const handle = chatApp({ ...basics, api }).callback()
    const { url, close } = await listening(createServer((request, response) => void handle(request, response)))
    expect((await httpClient(url).page('/livez')).body).toBe('{"status":"alive"}')
    await close()
  })
})

describe('requests by hand', () => {
  const raw = (url: string, text: string | Buffer) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.end(text))
      let answer = ''
      socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk))
      socket.on('close', () => resolve(answer)).on('error', reject)
    })

  it.each(['/api/v1/%', '//api/v1', 'http://[', '/\\..\\', 'http://a:b:c/api/v1', '/api/v1/chats/%c0%af', '*', '/api/v1/../../etc/passwd'])(
    'is answered: GET %s',
    async (target) => {
      await using server = await serveHttp()
      const answer = await raw(server.url, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
      expect(answer).toMatch(/^HTTP\/1\.1 (400|401|404) /)
      expect(server.defects).toEqual([])
    },
  )

  it('is answered though its body breaks off', async () => {
    await using server = await serveHttp()
    await raw(
      server.url,
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"login"',
    )
    expect((await server.page('/livez')).status).toBe(200)
    expect(server.defects).toEqual([])
  })
})
