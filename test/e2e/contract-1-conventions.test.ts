import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problems } from '../../src/adapters/wire/problems.ts'
import { type HttpClient, httpClient, type SignedInClient } from '../support/http-client.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let client: HttpClient
let anna: SignedInClient
let chatId: string

beforeAll(async () => {
  service = await startService()
  client = httpClient(service.url)
  anna = await client.register('Анна')
  chatId = (await anna.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'Все' })).body.id
})
afterAll(() => service.stop())

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** A request as raw as can be: no client normalizes its address or its headers. */
const raw = (
  path: string,
  { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
) =>
  new Promise<{ status: number; body: string; headers: Record<string, string | string[] | undefined> }>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: service.port, method, path, headers }, (response) => {
      let text = ''
      response.on('data', (part: Buffer) => void (text += part.toString()))
      response.on('end', () => resolve({ status: response.statusCode!, body: text, headers: response.headers }))
    })
    asked.on('error', reject)
    asked.end(body)
  })

describe('the service', () => {
  it('tells its name, version, epoch, limits and whether guests are let in', async () => {
    const { status, body, headers } = await client.call<object>('get', '')
    expect(status).toBe(200)
    expect(body).toEqual({
      name: expect.any(String),
      version: expect.any(String),
      epoch: expect.any(String),
      guest: false,
      passkeys: false,
      keep_s: 0,
      limits: {
        text_length: 4_096,
        body_bytes: 65_536,
        frame_bytes: 65_536,
        key_length: 128,
        ref_length: 64,
        resume_cursors: 1_000,
        commands_in_work: 32,
        page_size: 100,
        ids_per_call: 100,
        group_members: 5_000,
        authorize_ms: 10_000,
        file_bytes: 104_857_600,
        attachments: 10,
        mentions: 50,
        data_bytes: 4_096,
        reactions: 20,
        reactions_per_person: 5,
        pins: 50,
      },
    })
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it.each(['/livez', '/readyz', '/docs', '/redoc', '/openapi.json', '/asyncapi.json', '/problems/invalid', '/'])(
    'answers at %s',
    async (path) => {
      const { status, headers } = await client.page(path)
      expect(status).toBe(200)
      if (!headers.get('content-type')!.includes('text/html')) return
      const policy = headers.get('content-security-policy')!
      expect(policy).toContain('default-src')
      expect(policy).not.toMatch(/https?:|\*|(?:[\w-]+\.)+[a-z]{2,}/)
    },
  )

  it('has a page for every code of a problem', async () => {
    for (const code of Object.keys(problems)) {
      const { status, body, headers } = await client.page(`/problems/${code}`)
      expect([code, status]).toEqual([code, 200])
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(body).toContain(code)
    }
    expect((await client.page('/problems/no-such-code')).status).toBe(404)
  })
})

describe('shapes', () => {
  it('makes UUIDv7 and writes times in UTC with milliseconds', async () => {
    const { body } = await anna.call<Record<string, unknown>>('get', `/chats/${chatId}`)
    expect(body.id).toMatch(UUID_V7)
    expect(body.created_at).toMatch(TIME)
    expect(body).toEqual({
      id: chatId,
      kind: 'group',
      name: 'Все',
      created_at: expect.any(String),
      head_seq: 1,
      read_by_others_seq: null,
      member_count: 1,
      partner: null,
      me: {
        role: 'owner',
        joined_at: expect.stringMatching(TIME),
        read_seq: 1,
        pinned_at: null,
        archived: false,
        hidden: false,
        marked_unread: false,
        muted_until: null,
      },
      unread: 0,
      unread_mentions: 0,
      data: null,
      description: null,
      avatar: null,
      rules: { post: 'member', add: 'admin', invite: 'admin', slow_s: 0, keep_s: 0 },
      last_message: null,
    })
  })

  it('refuses unknown members of a body and unknown query parameters, and says where', async () => {
    const body = await anna.call('post', '/chats', { kind: 'group', name: 'x', colour: 'red' })
    expect(body).toMatchObject({ status: 422, body: { code: 'invalid', errors: [{ pointer: expect.stringContaining('colour') }] } })
    for (const path of [
      '',
      '/users/me',
      '/users',
      '/chats',
      `/chats/${chatId}`,
      `/chats/${chatId}/messages`,
      `/chats/${chatId}/events`,
      '/auth/sessions',
    ])
      expect(await anna.call('get', `${path}?colour=red`)).toMatchObject({ status: 422, body: { code: 'invalid' } })
    expect(await anna.call('delete', `/chats/${chatId}/messages/x?really=1`)).toMatchObject({ status: 422 })
  })

  it('takes any string in a path: what does not exist is 404 with its own code', async () => {
    for (const odd of [
      'x',
      'me',
      '%D0%B6',
      'a%20b',
      '..%2f..',
      '%00',
      '%ED%A0%80',
      '123',
      'x'.repeat(300),
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
    ]) {
      expect([odd, (await anna.call('get', `/chats/${odd}`)).body.code]).toEqual([odd, 'chat-not-found'])
      expect([odd, (await anna.call('get', `/chats/${odd}/messages`)).body.code]).toEqual([odd, 'chat-not-found'])
      expect([odd, (await anna.call('post', `/chats/${odd}/read`, { seq: 1 })).body.code]).toEqual([odd, 'chat-not-found'])
      expect([odd, (await anna.call('get', `/chats/${chatId}/messages/${odd}`)).body.code]).toEqual([odd, 'message-not-found'])
      expect([odd, (await anna.call('put', `/chats/${chatId}/messages/${odd}/read`)).body.code]).toEqual([odd, 'message-not-found'])
      expect([odd, (await anna.call('delete', `/auth/sessions/${odd}`)).body.code]).toEqual([odd, 'session-not-found'])
      if (odd === 'me') continue
      expect([odd, (await anna.call('get', `/users/${odd}`)).body.code]).toEqual([odd, 'user-not-found'])
      expect([odd, (await anna.call('post', `/users/${odd}/messages`, { client_message_id: 'k', text: 'x' })).body.code]).toEqual([
        odd,
        'user-not-found',
      ])
      expect([odd, (await anna.call('delete', `/chats/${chatId}/members/${odd}`)).body.code]).toEqual([odd, 'user-not-found'])
      expect([odd, (await anna.call('patch', `/chats/${chatId}/members/${odd}`, { role: 'admin' })).body.code]).toEqual([
        odd,
        'user-not-found',
      ])
    }
    for (const path of [`/users/x`, `/chats/${chatId}/members?user_id=x`, `/chats/${chatId}/members/x`]) {
      const { body } = await anna.call(path.startsWith('/users') ? 'get' : 'delete', path)
      expect([path, body.code, body.user_ids]).toEqual([path, 'user-not-found', ['x']])
    }
    for (const path of [`/chats/${chatId}/messages?sender_id=x`, '/messages?query=abc&chat_id=x', '/messages?query=abc&sender_id=x'])
      expect([path, (await anna.call<{ items: [] }>('get', path)).status]).toEqual([path, 200])
  })

  it('takes ids in upper case, and any UUID of any version in a body; 422 only what is none', async () => {
    expect((await anna.call<{ id: string }>('get', `/chats/${chatId.toUpperCase()}`)).body.id).toBe(chatId)
    for (const id of [
      '6fa459ea-ee8a-1ca4-894e-db77e160355e',
      '00000000-0000-0000-0000-000000000000',
      'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
      '12345678-1234-1234-1234-123456789012',
    ])
      expect(await anna.call('post', '/chats', { kind: 'private', user_id: id })).toMatchObject({
        status: 404,
        body: { code: 'user-not-found', user_ids: [id.toLowerCase()] },
      })
    for (const id of ['x', '', '6fa459ea', `${chatId} `, `{${chatId}}`, chatId.replaceAll('-', ''), 1, null, {}, []])
      expect(await anna.call('post', '/chats', { kind: 'private', user_id: id })).toMatchObject({
        status: 422,
        body: { code: 'invalid', errors: [{ pointer: '/user_id' }] },
      })
  })
})

describe('problems', () => {
  it('have one form, over every call', async () => {
    const { status, headers, body } = await client.call('get', '/chats', { headers: { 'x-request-id': 'Mine.1_2-3' } })
    expect(status).toBe(401)
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(headers.get('www-authenticate')).toBe('Bearer')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-request-id')).toBe('Mine.1_2-3')
    expect(body).toEqual({
      type: '/problems/unauthenticated',
      title: expect.any(String),
      status: 401,
      code: 'unauthenticated',
      request_id: 'Mine.1_2-3',
    })
  })

  it.each(['', 'a'.repeat(65), 'a b', 'ä', 'a/b', 'a,b'])('makes an id for a request that brings %j', async (given) => {
    const { headers, body } = await anna.call('get', '/nowhere')
    const reply = await raw('/api/v1/nowhere', { headers: { 'x-request-id': Buffer.from(given).toString('latin1') } })
    expect(reply.headers['x-request-id']).toMatch(/^[A-Za-z0-9._-]{1,64}$/)
    expect(reply.headers['x-request-id']).not.toBe(given)
    expect(body.request_id).toBe(headers.get('x-request-id'))
  })

  it('checks size, JSON, authentication, shape, existence, role and state in this order', async () => {
    const huge = JSON.stringify({ a: 'x'.repeat(70_000) })
    const nowhere = '/chats/nowhere/messages'
    expect((await client.call('post', nowhere, { body: huge })).body.code).toBe('too-large')
    expect((await client.call('post', nowhere, { body: '{' })).body.code).toBe('bad-json')
    expect((await client.call('post', nowhere, { body: { nonsense: true } })).body.code).toBe('unauthenticated')
    expect((await anna.call('post', nowhere, { nonsense: true })).body.code).toBe('invalid')
    expect((await anna.call('post', nowhere, { client_message_id: 'k', text: 'x' })).body.code).toBe('chat-not-found')
    const boris = await client.register('Борис')
    await anna.call('post', `/chats/${chatId}/members`, { user_ids: [boris.id] })
    const sent = (await anna.call<{ id: string }>('post', `/chats/${chatId}/messages`, { client_message_id: 'order', text: 'x' })).body
    expect((await boris.call('delete', `/chats/${chatId}/members/${anna.id}`)).body.code).toBe('not-allowed')
    expect((await anna.call('delete', `/chats/${chatId}/members/${anna.id}`)).body.code).toBe('last-owner')
    await anna.call('delete', `/chats/${chatId}/messages/${sent.id}`)
    expect((await boris.call('patch', `/chats/${chatId}/messages/${sent.id}`, { text: 'y', version: 9 })).body.code).toBe('not-allowed')
    expect((await anna.call('patch', `/chats/${chatId}/messages/${sent.id}`, { text: 'y', version: 9 })).body.code).toBe('message-deleted')
    await boris.call('delete', `/chats/${chatId}/members/me`)
  })

  it('answers no such path with 404, another method with 405 and its Allow, another type with 415', async () => {
    for (const path of ['/api/v1/nowhere', '/nowhere', '/api', '/api/v2', '//', '/api/v1//chats', '/api/v1/users/me/messages/x'])
      expect([path, (await raw(path, { headers: { authorization: `Bearer ${anna.token}` } })).status]).toEqual([path, 404])
    expect(JSON.parse((await raw('/nowhere')).body)).toMatchObject({ code: 'not-found', status: 404 })
    const other = await raw('/api/v1/chats', { method: 'PUT' })
    expect(other.status).toBe(405)
    expect(JSON.parse(other.body).code).toBe('method-not-allowed')
    expect(other.headers.allow).toContain('POST')
    for (const method of ['POST', 'DELETE', 'PATCH']) expect((await raw('/openapi.json', { method })).status).toBe(405)
    const typed = (type: string) =>
      client.call('post', '/auth/login', { body: '{"login":"a","password":"b"}', headers: { 'content-type': type } })
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'nonsense',
      'application/json; charset=utf-16',
    ])
      expect([type, (await typed(type)).body.code]).toEqual([type, 'unsupported-media-type'])
    for (const type of ['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON; charset="UTF-8"'])
      expect([type, (await typed(type)).status]).toEqual([type, 401])
  })
})

describe('anything at all', () => {
  const hostile: readonly [string, string | Buffer, number][] = [
    ['50,000 brackets', '['.repeat(50_000), 400],
    ['50,000 closed brackets', '['.repeat(25_000) + ']'.repeat(25_000), 422],
    ['3 MB', JSON.stringify({ text: 'x'.repeat(3_000_000) }), 413],
    ['nothing', '', 422],
    ['a list', '[]', 422],
    ['null', 'null', 422],
    ['a number', '1e999', 422],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 400],
    ['half an object', '{"client_message_id":"k"', 400],
    ['a prototype', '{"__proto__":{"a":1},"client_message_id":"k","text":"x"}', 422],
    ['a NUL in the text', JSON.stringify({ client_message_id: 'k', text: 'a\0b' }), 422],
    ['a lone surrogate in the text', '{"client_message_id":"k","text":"a\\ud800b"}', 422],
    ['a NUL in the key', JSON.stringify({ client_message_id: 'a\0', text: 'a' }), 422],
    ['a lone surrogate in the key', '{"client_message_id":"\\udc00","text":"a"}', 422],
    ['an empty key', JSON.stringify({ client_message_id: '', text: 'a' }), 422],
    ['a key of 129', JSON.stringify({ client_message_id: 'k'.repeat(129), text: 'a' }), 422],
    ['a key that is a number', JSON.stringify({ client_message_id: 7, text: 'a' }), 422],
    ['a text that is a list', JSON.stringify({ client_message_id: 'k', text: ['a'] }), 422],
    ['an answer to nothing', JSON.stringify({ client_message_id: 'k', text: 'a', reply_to: 'x' }), 422],
    ['an answer to null', JSON.stringify({ client_message_id: 'k', text: 'a', reply_to: null }), 422],
  ]

  it.each(hostile)('is refused when it is %s', async (_, body, status) => {
    const reply = await client.call('post', `/chats/${chatId}/messages`, { token: anna.token, body })
    expect(reply.status).toBe(status)
    expect(reply.body).toMatchObject({ status, code: expect.any(String), request_id: expect.any(String) })
    expect((await anna.call('get', '/users/me')).status).toBe(200)
  })

  it.each([
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1.5',
    'limit=',
    'limit=9999999999999999999999',
    'limit=1e1',
    'limit=0x10',
    'limit=%00',
    'limit=1&limit=2',
    'cursor=',
    'cursor=nonsense',
    'cursor=%00',
    'count=maybe',
    'count=1',
    'before=-1',
    'before=x',
    'around=1.5',
    'offset=-1',
    'after=9007199254740993',
    'order=up',
    'query=a',
    `query=${'x'.repeat(101)}`,
    'query=%00%00',
    'query=%ED%A0%80',
    'before=1&after=1',
    'offset=0&around=1',
    'cursor=x&offset=1',
    '%ff=1',
    'a[b]=1',
  ])('is refused when a list is asked for with %s', async (query) => {
    expect(await anna.call('get', `/chats/${chatId}/messages?${query}`)).toMatchObject({
      status: 422,
      body: { code: 'invalid', errors: [{ pointer: expect.any(String) }] },
    })
  })

  it('takes what lies on the edges', async () => {
    for (const query of [
      'limit=1',
      'limit=100',
      'before=0',
      'after=0',
      'around=0',
      'offset=0',
      'before=9007199254740991',
      'around=9007199254740991',
      'offset=9007199254740991',
      'count=true',
      'count=false',
      'order=asc',
      'order=desc',
      `query=${encodeURIComponent('😀'.repeat(100))}`,
    ])
      expect([query, (await anna.call('get', `/chats/${chatId}/messages?${query}`)).status]).toEqual([query, 200])
    expect(
      (await anna.call('post', `/chats/${chatId}/messages`, { client_message_id: '😀'.repeat(128), text: '😀'.repeat(4_096) })).status,
    ).toBe(201)
    const tooLong = await anna.call('post', `/chats/${chatId}/messages`, { client_message_id: 'l', text: '😀'.repeat(4_097) })
    expect(tooLong).toMatchObject({ status: 422, body: { code: 'text-too-long', limit: 4_096, length: 4_097 } })
    expect(
      (await anna.call('post', `/chats/${chatId}/messages`, { client_message_id: 'l', text: ' \n\t\u00a0\u3000\ufeff ' })).body.code,
    ).toBe('text-empty')
    const padded = await anna.call<{ text: string }>('post', `/chats/${chatId}/messages`, {
      client_message_id: 'pad',
      text: '  a\r\n b\u200b \n',
    })
    expect(padded.body.text).toBe('a\r\n b\u200b')
  })

  it('is refused in an Authorization header', async () => {
    for (const authorization of [
      '',
      'Bearer',
      'Bearer ',
      'Basic abc',
      'Bearer a.b.c',
      `Bearer ${anna.token}x`,
      `bearer ${anna.token} x`,
      'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.',
    ])
      expect([authorization, (await raw('/api/v1/users/me', { headers: { authorization } })).status]).toEqual([authorization, 401])
    expect((await raw('/api/v1/users/me', { headers: { authorization: `bearer ${anna.token}` } })).status).toBe(200)
    expect((await raw(`/api/v1/users/me?access_token=${anna.token}`)).status).toBe(401)
  })
})

describe('lists', () => {
  it('go on by next and back by prev, for ever, with the same filters only', async () => {
    const { body: chat } = await anna.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'Страницы' })
    for (let i = 1; i <= 25; i++) await anna.call('post', `/chats/${chat.id}/messages`, { client_message_id: `k${i}`, text: `текст ${i}` })
    type Page = { items: { seq: number }[]; next: string | null; prev: string | null; total?: number }
    const page = async (query: string) => {
      const { status, body, headers } = await anna.call<Page>('get', `/chats/${chat.id}/messages?${query}`)
      expect([query, status]).toEqual([query, 200])
      return { ...body, seqs: body.items.map(({ seq }) => seq), link: headers.get('link') }
    }
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
    const newest = await page('limit=10')
    expect(newest.seqs).toEqual(range(17, 26))
    expect(newest.next).toBeNull()
    expect(newest).not.toHaveProperty('total')
    expect(newest.link).toContain('rel="prev"')
    const back = await page(`limit=10&cursor=${newest.prev}`)
    expect(back.seqs).toEqual(range(7, 16))
    expect((await page(`limit=10&cursor=${back.next}`)).seqs).toEqual(range(17, 26))
    const first = await page(`limit=10&cursor=${back.prev}`)
    expect(first.seqs).toEqual(range(2, 6))
    expect(first.prev).toBeNull()
    expect((await page(`limit=10&cursor=${first.next}`)).seqs).toEqual(range(7, 16))
    const followed = await fetch(new URL(/<([^>]+)>; rel="prev"/.exec(newest.link!)![1]!, service.url), {
      headers: { authorization: `Bearer ${anna.token}` },
    })
    expect(((await followed.json()) as Page).items.map(({ seq }) => seq)).toEqual(range(7, 16))

    const down = await page('limit=10&order=desc&count=true')
    expect(down.seqs).toEqual(range(17, 26).reverse())
    expect(down.total).toBe(25)
    expect(down.prev).toBeNull()
    const further = await page(`limit=10&order=desc&cursor=${down.next}`)
    expect(further.seqs).toEqual(range(7, 16).reverse())
    expect((await page(`limit=10&order=desc&cursor=${further.prev}`)).seqs).toEqual(range(17, 26).reverse())

    expect((await page('limit=3&before=10')).seqs).toEqual([7, 8, 9])
    expect((await page('limit=3&after=10')).seqs).toEqual([11, 12, 13])
    expect((await page('limit=3&before=10&order=desc')).seqs).toEqual([9, 8, 7])
    expect((await page('limit=3&after=10&order=desc')).seqs).toEqual([13, 12, 11])
    expect((await page('limit=3&offset=0')).seqs).toEqual([2, 3, 4])
    expect((await page('limit=3&offset=4')).seqs).toEqual([6, 7, 8])
    expect((await page('limit=3&offset=0&order=desc')).seqs).toEqual([26, 25, 24])
    expect((await page('limit=3&offset=4&order=desc')).seqs).toEqual([22, 21, 20])
    expect((await page('limit=3&offset=25')).seqs).toEqual([])
    expect((await page('limit=5&around=10')).seqs).toContain(10)
    expect((await page('limit=5&around=10')).seqs).toHaveLength(5)
    for (const edge of [0, 1, 2, 26, 27, 9_999])
      expect([edge, (await page(`limit=5&around=${edge}`)).seqs.length > 0]).toEqual([edge, true])
    expect((await page('limit=1&around=10')).seqs).toEqual([10])
    expect((await page('limit=3&before=2')).seqs).toEqual([])
    expect((await page('limit=3&after=26')).seqs).toEqual([])
    const middle = await page('limit=5&around=13')
    expect((await page(`limit=5&cursor=${middle.next}`)).seqs[0]).toBe(middle.seqs.at(-1)! + 1)
    expect((await page(`limit=5&cursor=${middle.prev}`)).seqs.at(-1)).toBe(middle.seqs[0]! - 1)
    const filtered = await page(`limit=2&query=${encodeURIComponent('ТЕКСТ 2')}&count=true`)
    expect(filtered.seqs).toEqual([25, 26])
    expect(filtered.total).toBe(7)
    expect((await page(`limit=2&offset=1&query=${encodeURIComponent('ТЕКСТ 2')}`)).seqs).toEqual([21, 22])

    for (const [query, cursor] of [
      ['limit=2', filtered.prev],
      [`query=${encodeURIComponent('другой')}`, filtered.prev],
      ['order=desc', newest.prev],
      [`sender_id=${anna.id}`, newest.prev],
    ])
      expect([query, (await anna.call('get', `/chats/${chat.id}/messages?${query}&cursor=${cursor}`)).status]).toEqual([query, 422])
    expect((await anna.call('get', `/chats/${chatId}/messages?cursor=${newest.prev}`)).status).toBe(422)
    expect((await anna.call('get', `/chats?cursor=${newest.prev}`)).status).toBe(422)
    expect((await anna.call('get', `/chats/${chat.id}/events?cursor=${newest.prev}`)).status).toBe(422)
  })
})

describe('other origins', () => {
  it('get no leave to read unless they are allowed', async () => {
    const asked = await client.call<object>('get', '', { headers: { origin: 'https://elsewhere.example' } })
    expect(asked.status).toBe(200)
    expect(asked.headers.get('access-control-allow-origin')).toBeNull()
    await using open = await startService({ env: { ALLOWED_ORIGINS: 'https://chat.example', DATABASE_URL: 'memory:' } })
    const from = (origin: string) => fetch(`${open.url}/api/v1`, { headers: { origin } })
    expect((await from('https://chat.example')).headers.get('access-control-allow-origin')).toBe('https://chat.example')
    expect((await from('https://elsewhere.example')).headers.get('access-control-allow-origin')).toBeNull()
    const preflight = await fetch(`${open.url}/api/v1/chats`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://chat.example',
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization, content-type',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH')
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/authorization/i)
  })
})
