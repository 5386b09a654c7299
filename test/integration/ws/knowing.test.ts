import { describe, expect, it } from 'vitest'
import { Refusal } from '../../../src/domain/refusal.ts'
import { turnedAway } from '../../support/socket-client.ts'
import { given } from './given.ts'

const codeOf = (frame: { problem: { code: string } } | undefined) => frame?.problem.code

describe('the first frames', () => {
  it('are a hello that says what holds here', async () => {
    await using at = await given()
    const socket = await at.connect()
    expect(socket.frames[0]).toEqual({
      type: 'hello',
      connection_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      epoch: await at.api.epoch(),
      heartbeat_ms: 25_000,
      server_time: new Date(at.clock.now()).toISOString(),
      limits: expect.objectContaining({ frame_bytes: 65_536, commands_in_work: 32 }),
      user_id: null,
    })
  })

  it('make somebody known by a token', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const socket = await at.connect()
    const { ok } = await socket.authorize(anna.token)
    expect(ok).toEqual({
      user_id: anna.userId,
      session_id: anna.sessionId,
      expires_at: new Date(at.clock.now() + 15 * 60_000).toISOString(),
    })
  })

  it('make somebody known by the header of the upgrade, and hello names them', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const socket = await at.connect(undefined, { header: `Bearer ${anna.token}` })
    expect(socket.of('hello')).toMatchObject([{ user_id: anna.userId }])
    expect(await socket.resume()).toMatchObject({ heads: {} })
  })

  it('wait while the token of the header is checked', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    await using at = await given({ limiter: { admit: () => promise } })
    const anna = await at.person('Анна')
    const opening = at.connect(undefined, { header: `Bearer ${anna.token}` })
    await new Promise((done) => setImmediate(done))
    expect(at.sockets.size).toBeLessThan(2)
    resolve(undefined)
    const socket = await opening
    await socket.get('ping', {})
    expect(socket.frames.map(({ type }) => type)).toEqual(['hello', 'ok'])
  })

  it('before anybody is known are refused, and the socket waits on', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const socket = await at.connect()
    expect(codeOf((await socket.ask('ping', {})) as never)).toBe('unauthenticated')
    expect((await socket.ask('send_message', { client_message_id: 'k', text: 'x' } as never)).problem).toMatchObject({
      code: 'unauthenticated',
      status: 401,
      type: '/problems/unauthenticated',
      request_id: `${socket.of('hello')[0]!.connection_id}:2`,
    })
    socket.send({ type: 'no such', ref: 'r' })
    expect(codeOf(await socket.first('error', ({ ref }) => ref === 'r'))).toBe('unauthenticated')
    socket.send({ type: 'authorize', ref: 'a' })
    expect(codeOf(await socket.first('error', ({ ref }) => ref === 'a'))).toBe('invalid')
    expect((await socket.authorize(anna.token)).ok).toBeDefined()
  })

  it('that follow at once on authorize are carried out', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const socket = await at.connect()
    const [{ ok }, resumed] = await Promise.all([socket.authorize(anna.token), socket.resume()])
    expect(ok).toBeDefined()
    expect(resumed.epoch).toBe(await at.api.epoch())
  })
})

describe('a refused token', () => {
  it.each(['nonsense', ''])('in the first frame is an error, then 4401: %j', async (token) => {
    await using at = await given()
    const socket = await at.connect()
    expect((await socket.authorize(token)).problem).toMatchObject({ code: 'unauthenticated' })
    expect(await socket.closed).toEqual({ code: 4401 })
  })

  it.each(['Bearer nonsense', 'Basic dTpw', 'Bearer'])('in the header is an error after the upgrade, then 4401: %s', async (header) => {
    await using at = await given()
    const socket = await at.connect(undefined, { header })
    expect(await socket.closed).toEqual({ code: 4401 })
    expect(socket.frames.map((frame) => [frame.type, frame.type === 'error' ? frame.problem.code : undefined])).toEqual([
      ['hello', undefined],
      ['error', 'unauthenticated'],
    ])
  })

  it('of a session that is over ends the socket', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    await at.api.logout(anna)
    const socket = await at.connect()
    expect((await socket.authorize(anna.token)).problem).toMatchObject({ code: 'session-ended' })
    expect(await socket.closed).toEqual({ code: 4401 })
  })

  it('whose time is over ends the socket', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    at.clock.advance(16 * 60_000)
    const socket = await at.connect()
    expect((await socket.authorize(anna.token)).problem).toMatchObject({ code: 'token-expired' })
    expect(await socket.closed).toEqual({ code: 4401 })
  })

  it('later, of another person, ends the socket', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const socket = await at.connect(anna)
    expect((await socket.authorize(boris.token)).problem).toMatchObject({ code: 'unauthenticated' })
    expect(await socket.closed).toEqual({ code: 4401 })
  })

  it('is not the token’s fault when nobody can check it', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const broken = await given({ api: { ...at.api, authenticate: () => Promise.reject(new Error('the database is away')) } })
    await using _ = broken
    const socket = await broken.connect()
    expect((await socket.authorize(anna.token)).problem).toEqual({
      type: '/problems/internal',
      title: expect.any(String),
      status: 500,
      code: 'internal',
      request_id: expect.any(String),
    })
    expect((await socket.ask('ping', {})).problem).toMatchObject({ code: 'unauthenticated' })
    expect(broken.defects).toHaveLength(1)
    const other = await broken.connect(undefined, { header: `Bearer ${anna.token}` })
    expect(await other.closed).toEqual({ code: 1011 })
  })
})

describe('being known', () => {
  it('takes at most 10 seconds', async () => {
    await using at = await given()
    const socket = await at.connect()
    at.pass(9_999)
    socket.send({ type: 'ping' })
    await socket.first('error')
    at.pass(1)
    expect(await socket.closed).toEqual({ code: 4401 })
  })

  it('ends with the token', async () => {
    await using at = await given({ heartbeatMs: 3_600_000 })
    const socket = await at.connect(await at.person('Анна'))
    at.pass(15 * 60_000)
    expect(await socket.closed).toEqual({ code: 4401 })
    expect(socket.frames.at(-1)).toMatchObject({ type: 'error', ref: null, problem: { code: 'token-expired' } })
  })

  it('goes on with a new token of the same person', async () => {
    await using at = await given({ heartbeatMs: 3_600_000 })
    const anna = await at.person('Анна')
    const socket = await at.live(anna)
    at.pass(14 * 60_000)
    const { ok } = await socket.authorize(await at.renewed(anna))
    expect(ok).toMatchObject({ user_id: anna.userId, expires_at: new Date(at.clock.now() + 15 * 60_000).toISOString() })
    at.pass(2 * 60_000)
    expect(await socket.get('ping', {})).toEqual({ heads: {} })
  })

  it('ends with the session, at once', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const [socket, unresumed] = [await at.live(anna), await at.connect(anna)]
    await at.api.logout(anna)
    expect(await socket.closed).toEqual({ code: 4403 })
    expect(await unresumed.closed).toEqual({ code: 4403 })
  })

  it('ends with the person', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const socket = await at.live(anna)
    await at.api.deleteMe(anna, { password: 'a battery of horses' })
    expect(await socket.closed).toEqual({ code: 4403 })
  })

  it('ends where the same device of the same person connects anew', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const first = await at.connect(anna, { deviceId: 'phone' })
    const [tablet, stranger] = [await at.connect(anna, { deviceId: 'tablet' }), await at.connect(boris, { deviceId: 'phone' })]
    const second = await at.connect(anna, { deviceId: 'phone' })
    expect(await first.closed).toEqual({ code: 4409 })
    for (const socket of [tablet, stranger, second]) expect(await socket.get('ping', {})).toEqual({ heads: {} })
  })
})

describe('an upgrade', () => {
  it('to another path is 404', async () => {
    await using at = await given()
    const { status, body } = await turnedAway(at.url, {}, '/api/v1/elsewhere')
    expect({ status, body: JSON.parse(body) }).toMatchObject({ status: 404, body: { code: 'not-found', status: 404 } })
  })

  it('without an origin, from the same or from an allowed one is welcome', async () => {
    await using at = await given({ allowedOrigins: ['https://chat.example'], publicUrl: 'https://here.example' })
    for (const origin of [undefined, at.url, 'https://chat.example', 'https://here.example'])
      expect((await at.connect(undefined, { origin })).frames[0]).toMatchObject({ type: 'hello' })
  })

  it.each(['https://evil.example', 'null', 'http://127.0.0.1', 'file://', 'https://chat.example.evil.example'])(
    'from %s is 403',
    async (origin) => {
      await using at = await given({ allowedOrigins: ['https://chat.example'] })
      expect(await turnedAway(at.url, { origin })).toMatchObject({ status: 403 })
    },
  )

  it('believes a proxy about the host only where one is trusted', async () => {
    const headers = { 'x-forwarded-host': 'chat.example' }
    await using trusting = await given({ trustedProxies: 1 })
    await using at = await given()
    expect((await trusting.connect(undefined, { origin: 'https://chat.example', headers })).frames).toHaveLength(1)
    expect(await turnedAway(at.url, { origin: 'https://chat.example', headers })).toMatchObject({ status: 403 })
  })

  it('from anywhere is welcome where every origin is', async () => {
    await using at = await given({ allowedOrigins: ['*'] })
    expect((await at.connect(undefined, { origin: 'https://anywhere.example' })).frames).toHaveLength(1)
  })
})

describe('too many connections', () => {
  it('of one person are closed with 4029', async () => {
    await using at = await given({ perPerson: 2 })
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    await at.connect(anna)
    const second = await at.connect(anna)
    const third = await at.connect()
    expect((await third.authorize(anna.token)).problem).toMatchObject({ code: 'too-many-requests', retry_after_ms: expect.any(Number) })
    expect(await third.closed).toEqual({ code: 4029 })
    await second.close()
    expect((await (await at.connect()).authorize(anna.token)).ok).toBeDefined()
    expect((await (await at.connect()).authorize(boris.token)).ok).toBeDefined()
  })

  it('of one address are closed with 4029, by the word of a trusted proxy', async () => {
    const asked: string[] = []
    const admit = async (kind: string, key: string) => {
      asked.push(`${kind} ${key}`)
      if (asked.length > 1) throw new Refusal('too-many-requests', { retryAfterMs: 7 })
      return undefined
    }
    await using at = await given({ limiter: { admit }, trustedProxies: 1 })
    const headers = { 'x-forwarded-for': '1.1.1.1, 2.2.2.2' }
    await at.connect(undefined, { headers: { 'x-forwarded-for': '1.1.1.1, ::ffff:2.2.2.2,' } })
    const second = await at.connect(undefined, { headers })
    expect(await second.closed).toEqual({ code: 4029 })
    expect(second.of('error')).toMatchObject([{ ref: null, problem: { code: 'too-many-requests', retry_after_ms: 7 } }])
    expect(asked).toEqual(['connect 2.2.2.2', 'connect 2.2.2.2'])
  })

  it('that are not authenticated are closed with 4401 after 100 other frames', async () => {
    await using at = await given()
    const socket = await at.connect()
    for (let i = 0; i <= 100; i++) socket.send({ type: 'ping' })
    expect(await socket.closed).toEqual({ code: 4401 })
    expect(socket.of('error').map(({ problem }) => problem.code)).toEqual(Array.from({ length: 101 }, () => 'unauthenticated'))
  })

  it('are refused frames that are no calls above the limit of their person', async () => {
    const asked: string[] = []
    const admit = async (kind: string, key: string, points = 1) => {
      if (kind === 'frame') asked.push(`${key} ${points}`)
      if (asked.length > 1) throw new Refusal('too-many-requests', { retryAfterMs: 7 })
      return undefined
    }
    await using at = await given({ limiter: { admit } })
    const anna = await at.person('Anna')
    const socket = await at.connect()
    await socket.authorize(anna.token)
    expect((await socket.ask('ping', {})).ok).toBeDefined()
    expect((await socket.ask('ping', {})).problem).toMatchObject({ code: 'too-many-requests', retry_after_ms: 7 })
    expect(asked).toEqual([`${anna.userId} 1`, `${anna.userId} 1`])
  })

  it('in all are turned away with 503', async () => {
    await using at = await given({ inAll: 1 })
    await at.connect()
    expect(await turnedAway(at.url)).toMatchObject({ status: 503 })
  })
})
