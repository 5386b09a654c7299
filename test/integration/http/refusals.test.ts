import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Endpoint, problemsOf } from '../../../src/adapters/wire/endpoints/endpoint.ts'
import { endpoints } from '../../../src/adapters/wire/endpoints.ts'
import type { SignedInClient } from '../../support/http-client.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'

let server: HttpServed
let ann: SignedInClient
beforeAll(async () => {
  server = await serveHttp()
  ann = await server.register('Ann')
})
afterAll(() => server.close())

const message = { client_message_id: 'k', text: 'hello' }
const nobody = '00000000-0000-7000-8000-000000000000'

describe('what is refused before anybody is asked', () => {
  it('answers with a problem object that names the request', async () => {
    const { status, headers, body } = await server.call('get', '/chats', { headers: { 'x-request-id': 'mine-1.a_B' } })
    expect(status).toBe(401)
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('www-authenticate')).toBe('Bearer')
    expect(headers.get('x-request-id')).toBe('mine-1.a_B')
    expect(body).toEqual({
      type: '/problems/unauthenticated',
      title: expect.any(String),
      status: 401,
      code: 'unauthenticated',
      request_id: 'mine-1.a_B',
    })
  })

  it.each(['', 'a b', 'ж'.repeat(3), 'x'.repeat(65), '<script>'])('makes a request id where %j was given', async (given) => {
    const { headers } = await server.call('get', '/', { headers: { 'x-request-id': encodeURI(given) } })
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it.each(['/nothing', '/chats//messages', '/users/me/you', '/%', '/chats/%ff%fe/nothing', '/CHATS'])(
    'knows nothing at %s',
    async (path) => {
      const { status, body } = await server.call('get', path, { token: ann.token })
      expect([status, body.code]).toEqual([404, 'not-found'])
    },
  )

  it('knows nothing outside of the base path either', async () => {
    const { status, body } = await server.page('/nothing')
    expect([status, JSON.parse(body).code]).toEqual([404, 'not-found'])
  })

  it('names the methods of an address that has others', async () => {
    const { status, headers, body } = await ann.call('put', '/users/me')
    expect([status, body.code, headers.get('allow')]).toEqual([405, 'method-not-allowed', 'GET, HEAD, PATCH'])
    const { status: ofUser, headers: allowed } = await ann.call('post', `/users/${nobody}`)
    expect([ofUser, allowed.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  it('answers OPTIONS with the methods, and HEAD as GET without its body', async () => {
    const options = await server.call('options', '/chats')
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST'])
    const got = await fetch(`${server.url}/api/v1`)
    const head = await fetch(`${server.url}/api/v1`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(head.headers.get('content-length')).toBe(got.headers.get('content-length'))
  })

  it('refuses bodies of other types, and packed ones', async () => {
    for (const headers of [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/xml' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'application/json; charset=utf-16' },
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    ]) {
      const { status, body } = await server.call('post', '/chats', { body: '{}', token: ann.token, headers })
      expect([headers, status, body.code]).toEqual([headers, 415, 'unsupported-media-type'])
    }
    const asJson = await server.call('post', '/auth/token', { body: { username: 'a', password: 'b' } })
    expect([asJson.status, asJson.body.code]).toEqual([415, 'unsupported-media-type'])
    expect(asJson.body.title).not.toContain('JSON')
  })

  it('refuses what is no JSON', async () => {
    const deep = '['.repeat(50_000)
    for (const body of ['{', 'nonsense', '{"a":1}}', "{'a':1}", deep, new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])]) {
      const { status, body: told } = await server.call('post', '/auth/login', { body })
      expect([String(body).slice(0, 20), status, told.code]).toEqual([String(body).slice(0, 20), 400, 'bad-json'])
    }
    const balanced = await server.call('post', '/auth/login', { body: '['.repeat(30_000) + ']'.repeat(30_000) })
    expect([balanced.status, balanced.body.code]).toEqual([422, 'invalid'])
  })

  it.each(['null', '1', '"text"', '[]', 'true', ''])('takes %s for JSON of another shape', async (body) => {
    const { status, body: told } = await server.call('post', '/auth/login', { body })
    expect([status, told.code]).toEqual([422, 'invalid'])
  })

  it('refuses large bodies without reading them, told of their size or not', async () => {
    for (const size of [65_537, 3_000_000]) {
      const body = `{"login":"${'x'.repeat(size)}"}`
      const { status, body: told } = await server.call('post', '/auth/login', { body })
      expect([status, told.code]).toEqual([413, 'too-large'])
      const streamed = await fetch(`${server.url}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: new Blob([body]).stream(),
        duplex: 'half',
      } as RequestInit)
      expect(streamed.status).toBe(413)
      await streamed.text()
    }
    const fits = await server.call('post', '/auth/login', { body: JSON.stringify({ login: 'x'.repeat(65_000), password: 'x' }) })
    expect(fits.status).toBe(401)
  })

  it('refuses what a body holds where nothing is asked for, and does nothing', async () => {
    const { token } = await server.register()
    for (const [body, code] of [
      ['{"x":1}', 'invalid'],
      ['{', 'bad-json'],
      ['x'.repeat(100_000), 'too-large'],
    ])
      expect((await server.call('post', '/auth/logout', { body, token })).body.code).toBe(code)
    const read = await server.call('put', `/chats/${nobody}/messages/${nobody}/read`, { body: { seq: 1 }, token })
    expect(read.body.errors).toEqual([{ pointer: '/seq', detail: 'is not known here' }])
    expect((await server.call('post', '/auth/logout', { body: {}, token })).status).toBe(204)
  })

  it('ignores bodies of calls that never have one', async () => {
    const deleted = await server.call('delete', `/auth/sessions/${nobody}`, { body: '{', token: ann.token })
    expect(deleted.body.code).toBe('session-not-found')
  })

  const { issueToken, getUpload: _withoutBody, ...others } = endpoints
  it.each(Object.entries<Endpoint>(others))('refuses parameters that %s does not know, as its document says', async (_, endpoint) => {
    const { token } = await server.register()
    const { status, body } = await server.call(endpoint.method, `${endpoint.path.replace(/\{\w+\}/g, nobody)}?nonsense=1`, {
      token,
      headers: { 'tus-resumable': '1.0.0' },
    })
    expect([status, body.errors]).toEqual([422, expect.arrayContaining([{ pointer: '/nonsense', detail: 'is not known here' }])])
    expect(problemsOf(endpoint)).toContain('invalid')
  })

  it('refuses them with the errors of OAuth where those are spoken', async () => {
    const body = new URLSearchParams({ username: 'x', password: 'x' })
    const reply = await server.call<{ error: string }>('post', '/auth/token?nonsense=1', { body })
    expect([reply.status, reply.body.error]).toEqual([400, 'invalid_request'])
    expect(problemsOf(issueToken)).not.toContain('invalid')
  })

  it('checks size, JSON, who asks, shape, existence, in this order', async () => {
    const code = async (body: string | object, token?: string) =>
      (await server.call('post', `/chats/${nobody}/messages`, { body: typeof body === 'string' ? body : JSON.stringify(body), token })).body
        .code
    expect(await code(`{${'x'.repeat(70_000)}`)).toBe('too-large')
    expect(await code('{')).toBe('bad-json')
    expect(await code({ wrong: true })).toBe('unauthenticated')
    expect(await code({ wrong: true }, ann.token)).toBe('invalid')
    expect(await code({ client_message_id: 'k', text: 'x' }, ann.token)).toBe('chat-not-found')
  })

  it.each(['', 'Bearer', 'Bearer  ', 'Basic YTpi', 'Bearer a b', 'Bearer \u00ff', `Bearer ${'a.'.repeat(2_000)}`])(
    'is not let in by %j',
    async (authorization) => {
      const { status, body } = await server.call('get', '/users/me', { headers: { authorization } })
      expect([status, body.code]).toEqual([401, 'unauthenticated'])
    },
  )

  it('takes the scheme in any case, and no token from an address', async () => {
    expect((await server.call('get', '/users/me', { headers: { authorization: `bEaReR ${ann.token}` } })).status).toBe(200)
    expect((await server.call('get', `/users/me?access_token=${ann.token}`)).status).toBe(401)
  })
})

describe('shapes', () => {
  it('names members and parameters that it does not know', async () => {
    const body = await ann.call('post', '/chats', { kind: 'group', name: 'x', 'a/b~c': 1 })
    expect([body.status, body.body.errors]).toEqual([422, [{ pointer: '/a~1b~0c', detail: 'is not known here' }]])
    const query = await ann.call('get', '/chats?limit=5&sort=name')
    expect([query.status, query.body.errors]).toEqual([422, [{ pointer: '/sort', detail: 'is not known here' }]])
    for (const path of ['/users/me?x=1', '/?x=1', `/chats/${nobody}?x`]) expect((await ann.call('get', path)).body.code).toBe('invalid')
  })

  it.each([
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1.5',
    'limit=1e2',
    'limit=',
    'limit=a',
    'limit=99999999999999999999',
    'limit=5&limit=6',
    'count=1',
    'cursor=',
    'cursor=nonsense',
    'query=a',
    `query=${'a'.repeat(101)}`,
    'query=%00%00',
    'query=%ff%fe',
    'query=%',
    'kind=channel',
    '__proto__=1',
    'constructor=1',
  ])('refuses a list with %s', async (query) => {
    const { status, body } = await ann.call('get', `/chats?${query}`)
    expect([status, body.code]).toEqual([422, 'invalid'])
    expect(body.errors).toHaveLength(1)
  })

  it('refuses NUL, lone surrogates and numbers out of range', async () => {
    const chat = await ann.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'x' })
    const send = async (body: unknown) => {
      const reply = await server.call('post', `/chats/${chat.body.id}/messages`, { body, token: ann.token })
      return [reply.status, reply.body.code]
    }
    expect(await send({ client_message_id: 'k', text: 'a\0b' })).toEqual([422, 'invalid'])
    expect(await send('{"client_message_id":"k","text":"\\ud800"}')).toEqual([422, 'invalid'])
    expect(await send({ client_message_id: '\0', text: 'x' })).toEqual([422, 'invalid'])
    expect(await send({ client_message_id: 'k', text: 'x', reply_to: 'no uuid' })).toEqual([422, 'invalid'])
    expect(await send({ client_message_id: 'k', text: 7 })).toEqual([422, 'invalid'])
    expect(await send({ client_message_id: 'k', text: ' \n ' })).toEqual([422, 'text-empty'])
    expect(await send({ client_message_id: 'k', text: 'x'.repeat(4_097) })).toEqual([422, 'text-too-long'])
    for (const seq of [-1, 1.5, 1e300, '1', null, Number.MAX_SAFE_INTEGER + 1])
      expect((await ann.call('post', `/chats/${chat.body.id}/read`, { seq })).body.code).toBe('invalid')
    const read = await ann.call<{ read_seq: number }>('post', `/chats/${chat.body.id}/read`, { seq: Number.MAX_SAFE_INTEGER })
    expect([read.status, read.body.read_seq]).toEqual([200, 1])
  })

  it('refuses `__proto__` as it refuses any member that it does not know', async () => {
    const { status } = await server.call('post', '/auth/login', { body: '{"__proto__":{"login":"a"},"password":"b"}' })
    expect(status).toBe(422)
  })

  it('names the people that were given, also where they are none', async () => {
    const { body: chat } = await ann.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'Named' })
    const members = `/chats/${chat.id}/members`
    expect((await ann.call('delete', `${members}/x`)).body.user_ids).toEqual(['x'])
    expect((await ann.call('patch', `${members}/y`, { role: 'admin' })).body.user_ids).toEqual(['y'])
    const several = await ann.call('delete', `${members}?user_id=x&user_id=${nobody}&user_id=y`)
    expect(several.body.user_ids).toEqual([nobody, 'x', 'y'])
    expect((await ann.call('delete', `${members}/00000000-0000-0000-0000-000000000000`)).body.code).toBe('user-not-found')
  })

  it('finds nothing by an id that is none, whose kind it tells', async () => {
    for (const id of ['x', '%00', '%ff', '1', "'; drop table chats; --", 'a'.repeat(3_000), `${nobody}x`]) {
      const path = encodeURI(id).replaceAll('%25', '%')
      expect((await ann.call('get', `/chats/${path}`)).body.code).toBe('chat-not-found')
      expect((await ann.call('get', `/users/${path}`)).body.code).toBe('user-not-found')
      expect((await ann.call('delete', `/auth/sessions/${path}`)).body.code).toBe('session-not-found')
      expect((await ann.call('post', `/users/${path}/messages`, message)).body.code).toBe('user-not-found')
    }
  })

  it('asks nobody about an id that is none', async () => {
    const chatty = await serveHttp({ api: { ...server.app.api, getChat: () => Promise.reject(new Error('asked')) } })
    expect((await chatty.call('get', '/chats/none', { token: ann.token })).body.code).toBe('chat-not-found')
    expect(chatty.defects).toEqual([])
    await chatty.close()
  })

  it('takes ids in upper case', async () => {
    const chat = await ann.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'x' })
    expect((await ann.call('get', `/chats/${chat.body.id.toUpperCase()}`)).status).toBe(200)
  })
})

it('none of this was a defect', () => {
  expect(server.defects).toEqual([])
})
