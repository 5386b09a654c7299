import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session, SessionEntry, Token } from '../../src/adapters/wire/schemas/identity.ts'
import { type HttpClient, httpClient, type SignedInClient } from '../support/http-client.ts'
import { type Service, startService } from '../support/service.ts'
import { connect } from '../support/socket-client.ts'
import { eventually } from '../support/waiting.ts'

let service: Service
let client: HttpClient

beforeAll(async () => {
  service = await startService()
  client = httpClient(service.url)
})
afterAll(() => service.stop())

const password = 'correct horse battery'
let n = 0
const email = () => `person${++n}@example.com`
const register = <T = Session>(more: object) =>
  client.call<T>('post', '/auth/register', { body: { name: 'Анна', email: email(), password, ...more } })
const pointers = ({ body }: { body: { errors?: readonly { pointer: string }[] | undefined } }) => body.errors?.map(({ pointer }) => pointer)
const form = (fields: Record<string, string>) =>
  client.call<Token & { error?: string }>('post', '/auth/token', { body: new URLSearchParams(fields) })

describe('registering', () => {
  it('answers with a session, every member of it', async () => {
    const { status, body, headers } = await register({
      email: '  ANNA@Example.COM ',
      name: '  Анна \n',
      username: 'Anna.K',
      device_name: 'Ноутбук',
    })
    expect(status).toBe(201)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toEqual({
      user: {
        id: expect.any(String),
        username: 'anna.k',
        name: 'Анна',
        kind: 'person',
        avatar: null,
        avatar_url: null,
        last_seen_at: null,
        email: 'anna@example.com',
        email_verified: true,
        external_id: null,
        is_admin: false,
        created_at: expect.any(String),
      },
      session_id: expect.any(String),
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 900,
      refresh_token: expect.any(String),
      refresh_expires_in: 2_592_000,
    })
    expect(await client.call('get', '/users/me', { token: body.access_token })).toMatchObject({
      status: 200,
      body: { id: body.user.id, email: 'anna@example.com' },
    })
  })

  it.each([
    ['/name', { name: '' }],
    ['/name', { name: ' \u00a0 ' }],
    ['/name', { name: 'x'.repeat(129) }],
    ['/name', { name: 'a\u0007b' }],
    ['/name', { name: 'a\nb' }],
    ['/name', { name: 'a\0' }],
    ['/name', { name: '\ud800' }],
    ['/name', { name: 5 }],
    ['/name', { name: undefined }],
    ['/email', { email: 'nobody' }],
    ['/email', { email: '' }],
    ['/email', { email: 'a@' }],
    ['/email', { email: `${'a'.repeat(250)}@b.de` }],
    ['/email', { email: null }],
    ['/password', { password: 'short' }],
    ['/password', { password: 'x'.repeat(129) }],
    ['/password', { password: 'password123' }],
    ['/password', { password: 'qwertyuiop' }],
    ['/password', { password: '12345678' }],
    ['/password', { password: 12345678 }],
    ['/username', { username: 'ab' }],
    ['/username', { username: 'a'.repeat(33) }],
    ['/username', { username: 'анна' }],
    ['/username', { username: 'a b c' }],
    ['/username', { username: 'a@b.c' }],
    ['/username', { username: '' }],
    ['/username', { username: 'a\0bc' }],
    ['/device_name', { device_name: '' }],
    ['/admin', { admin: true }],
  ])('refuses at %s: %j', async (pointer, more) => {
    const reply = await register<never>(more)
    expect([reply.status, (reply.body as { code: string }).code]).toEqual([422, 'invalid'])
    expect(pointers(reply)).toContain(pointer)
  })

  it('counts code points, and takes what is just allowed', async () => {
    expect((await register({ name: '😀'.repeat(128) })).status).toBe(201)
    expect((await register({ name: '😀'.repeat(129) })).status).toBe(422)
    expect((await register({ password: '😀🐎🔋📎🌷🌊🧭🧶' })).status).toBe(201)
    expect((await register({ password: 'пароль из слов'.padEnd(128, '.') })).status).toBe(201)
    expect((await register({ username: 'a_b' })).status).toBe(201)
    expect((await register({ username: 'x-.'.padEnd(32, '_') })).status).toBe(201)
  })

  it('makes a username from the name, which is never taken', async () => {
    const made = async (name: string) => (await register({ name })).body.user.username
    expect(await made('Zoë Müller 7')).toBe('zomller7')
    await made('Жанна')
    expect(await made('Жанна')).toMatch(/^user-\d{4}$/)
    expect(await made('Al')).toMatch(/^user-\d{4}$/)
    expect(await made('Zoë Müller 7')).toMatch(/^zomller7-\d{4}$/)
    const long = await made('x'.repeat(128))
    expect(long!.length).toBeLessThanOrEqual(32)
    expect((await made('x'.repeat(128)))!.length).toBeLessThanOrEqual(32)
    const many = await Promise.all(Array.from({ length: 8 }, () => register({ name: 'Parallel' })))
    expect(many.map(({ status }) => status)).toEqual(Array(8).fill(201))
    expect(new Set(many.map(({ body }) => body.user.username)).size).toBe(8)
  })

  it('says what is taken, in any case of letters', async () => {
    await register({ email: 'taken@example.com', username: 'taken' })
    expect(await register({ email: ' TAKEN@example.com' })).toMatchObject({ status: 409, body: { code: 'email-taken' } })
    expect(await register({ username: 'TAKEN' })).toMatchObject({ status: 409, body: { code: 'username-taken' } })
    const same = email()
    const racing = await Promise.all(Array.from({ length: 4 }, () => register({ email: same })))
    expect(racing.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409, 409])
  })
})

describe('signing in', () => {
  it('takes an e-mail or a username, under three names', async () => {
    const mail = email()
    await register({ email: mail, username: 'ways.in' })
    for (const who of [
      { login: mail },
      { login: 'ways.in' },
      { login: ' WAYS.IN ' },
      { login: mail.toUpperCase() },
      { email: mail },
      { username: 'ways.in' },
    ])
      expect([who, (await client.call('post', '/auth/login', { body: { ...who, password } })).status]).toEqual([who, 200])
    for (const who of [{}, { login: mail, email: mail }, { user: mail }, { login: null }])
      expect([who, (await client.call('post', '/auth/login', { body: { ...who, password } })).status]).toEqual([who, 422])
  })

  it('answers a wrong password and an unknown login alike', async () => {
    await register({ username: 'known' })
    const wrong = async (body: object) => {
      const reply = await client.call('post', '/auth/login', { body })
      return { status: reply.status, body: { ...reply.body, request_id: '' }, authenticate: reply.headers.get('www-authenticate') }
    }
    const known = await wrong({ login: 'known', password: 'wrong password' })
    expect(known).toMatchObject({ status: 401, body: { code: 'bad-credentials' }, authenticate: 'Bearer' })
    for (const login of ['nobody', 'nobody@example.com', '', 'x'.repeat(1_000), 'Анна'])
      expect(await wrong({ login, password: 'wrong password' })).toEqual(known)
    expect(await wrong({ login: 'known', password: '' })).toEqual(known)
    expect(await wrong({ login: 'known', password: 'x'.repeat(10_000) })).toEqual(known)
  })

  it('takes the form of OAuth 2, and answers in its way', async () => {
    await register({ username: 'oauth' })
    const { status, body, headers } = await form({ username: 'oauth', password, scope: 'all', client_id: 'x' })
    expect(status).toBe(200)
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 900,
      refresh_token: expect.any(String),
      refresh_expires_in: 2_592_000,
    })
    expect(headers.get('cache-control')).toBe('no-store')
    expect((await form({ grant_type: 'password', username: 'oauth', password })).status).toBe(200)
    const next = await form({ grant_type: 'refresh_token', refresh_token: body.refresh_token })
    expect(next.status).toBe(200)
    expect(next.body.refresh_token).not.toBe(body.refresh_token)
    expect(await form({ username: 'oauth', password: 'wrong' })).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await form({ username: 'nobody', password })).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await form({ grant_type: 'refresh_token', refresh_token: 'x' })).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await form({ grant_type: 'refresh_token' })).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(await form({ username: 'oauth' })).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(await form({})).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(await form({ grant_type: 'client_credentials' })).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
    expect((await client.call<{ error: string }>('post', '/auth/token', { body: { username: 'oauth', password } })).status).toBe(415)
  })
})

describe('refreshing', () => {
  const refresh = (token: string) => client.call<Session>('post', '/auth/refresh', { body: { refresh_token: token } })

  it('gives a new token each time, and a spent one the same successor for a while', async () => {
    const { body: session } = await register({})
    const all = await Promise.all(Array.from({ length: 5 }, () => refresh(session.refresh_token)))
    expect(all.map(({ status }) => status)).toEqual(Array(5).fill(200))
    expect(new Set(all.map(({ body }) => body.refresh_token)).size).toBe(1)
    expect(all[0]!.body).toMatchObject({
      session_id: session.session_id,
      user: session.user,
      expires_in: 900,
      refresh_expires_in: 2_592_000,
    })
    const successor = all[0]!.body.refresh_token
    expect(successor).not.toBe(session.refresh_token)
    const second = await refresh(successor)
    expect(second.status).toBe(200)
    expect(second.body.refresh_token).not.toBe(successor)
    expect((await refresh(session.refresh_token)).body.refresh_token).toBe(successor)
  })

  it('refuses what is none', async () => {
    for (const token of ['', 'x', 'x'.repeat(5_000), (await register({})).body.access_token])
      expect([token.slice(0, 9), (await refresh(token)).status]).toEqual([token.slice(0, 9), 401])
    expect((await client.call('post', '/auth/refresh', { body: {} })).status).toBe(422)
    const { body: session } = await register({})
    expect((await client.call('get', '/users/me', { token: session.refresh_token })).status).toBe(401)
  })
})

describe('sessions', () => {
  const sessions = async (token: string) =>
    (await client.call<{ items: SessionEntry[]; next: null; prev: null }>('get', '/auth/sessions', { token })).body

  it('are listed, and end at once with their sockets', async () => {
    const mail = email()
    const { body: first } = await register({ email: mail, device_name: 'Один' })
    const { body: second } = await client.call<Session>('post', '/auth/login', { body: { login: mail, password } })
    const list = await sessions(first.access_token)
    expect(list).toMatchObject({ next: null, prev: null })
    expect(list.items).toHaveLength(2)
    expect(list.items.find(({ current }) => current)).toEqual({
      id: first.session_id,
      device_name: 'Один',
      created_at: expect.any(String),
      last_used_at: expect.any(String),
      current: true,
    })
    expect(list.items.find(({ current }) => !current)).toMatchObject({ id: second.session_id, device_name: null })
    const socket = await connect(service.url, { token: second.access_token })
    const { body: stranger } = await register({})
    const path = `/auth/sessions/${second.session_id}`
    expect((await client.call('delete', path, { token: stranger.access_token })).body.code).toBe('session-not-found')
    expect((await client.call('delete', path, { token: first.access_token })).status).toBe(204)
    expect(await socket.closed).toEqual({ code: 4403 })
    expect(await client.call('get', '/users/me', { token: second.access_token })).toMatchObject({
      status: 401,
      body: { code: 'session-ended' },
    })
    expect((await client.call('post', '/auth/refresh', { body: { refresh_token: second.refresh_token } })).status).toBe(401)
    expect((await client.call('delete', path, { token: first.access_token })).body.code).toBe('session-not-found')
    expect((await sessions(first.access_token)).items).toHaveLength(1)
  })

  it('end by logging out', async () => {
    const { body: session } = await register({})
    const socket = await connect(service.url, { token: session.access_token })
    expect((await client.call('post', '/auth/logout', { token: session.access_token })).status).toBe(204)
    expect(await socket.closed).toEqual({ code: 4403 })
    expect((await client.call('get', '/users/me', { token: session.access_token })).status).toBe(401)
    const late = await connect(service.url)
    expect((await late.authorize(session.access_token)).problem?.code).toBe('session-ended')
    expect(await late.closed).toEqual({ code: 4401 })
  })

  it('all but one’s own end with a new password', async () => {
    const mail = email()
    const { body: mine } = await register({ email: mail })
    const { body: other } = await client.call<Session>('post', '/auth/login', { body: { login: mail, password } })
    const [here, there] = await Promise.all([mine, other].map(({ access_token: token }) => connect(service.url, { token })))
    const change = (body: object) => client.call('post', '/auth/password', { token: mine.access_token, body })
    expect((await change({ current_password: 'wrong', new_password: 'another long one' })).body.code).toBe('bad-credentials')
    const common = await change({ current_password: password, new_password: 'password123' })
    expect(common.status).toBe(422)
    expect(pointers(common)).toEqual(['/new_password'])
    expect((await change({ current_password: password, new_password: 'another long one' })).status).toBe(204)
    expect(await there!.closed).toEqual({ code: 4403 })
    expect(await here!.get('ping', {})).toEqual({ heads: {} })
    expect((await client.call('get', '/users/me', { token: mine.access_token })).status).toBe(200)
    expect((await client.call('get', '/users/me', { token: other.access_token })).status).toBe(401)
    expect((await client.call('post', '/auth/login', { body: { login: mail, password } })).status).toBe(401)
    expect((await client.call('post', '/auth/login', { body: { login: mail, password: 'another long one' } })).status).toBe(200)
    await here!.close()
  })

  it('have no guests where it is no demo', async () => {
    expect(await client.call('post', '/auth/guest', { body: {} })).toMatchObject({ status: 404, body: { code: 'not-found' } })
  })
})

describe('people', () => {
  let anna: SignedInClient
  let boris: SignedInClient
  beforeAll(async () => {
    ;[anna, boris] = await Promise.all([
      client.register('Анна Каренина', { username: 'karenina' }),
      client.register('Борис_Годунов', { username: 'godunov', email: 'Boris@Example.com' }),
    ])
  })
  type Users = { items: { id: string; name: string; last_seen_at: string | null }[]; next: string | null; total?: number }
  const find = async (query: string) => (await anna.call<Users>('get', `/users?${query}`)).body
  const found = async (query: string) => (await find(`query=${encodeURIComponent(query)}`)).items.map(({ id }) => id)

  it('are found by parts of their names in any case, and by a whole e-mail; oneself never', async () => {
    for (const query of ['годунов', 'БОРИС', 'ис_го', 'odun', 'GODUNOV', 'boris@example.com'])
      expect([query, await found(query)]).toEqual([query, [boris.id]])
    for (const query of ['каренина', 'karenina', 'oris@example.com', 'boris@example.co', 'ис%го', 'ис.го'])
      expect([query, await found(query)]).toEqual([query, []])
    const all = await find('limit=100&count=true')
    expect(all.items.map(({ id }) => id)).not.toContain(anna.id)
    expect(all.total).toBe(all.items.length)
    expect(JSON.stringify(all)).not.toContain('example.com')
    expect((await anna.call('get', '/users?query=a')).status).toBe(422)
  })

  it('are walked through page by page', async () => {
    const all = (await find('limit=100')).items.map(({ id }) => id)
    const walked: string[] = []
    for (let next: string | null = '', i = 0; next !== null && i < 50; i++) {
      const page: Users = await find(`limit=7${next && `&cursor=${next}`}`)
      walked.push(...page.items.map(({ id }) => id))
      next = page.next
    }
    expect(walked).toEqual(all)
  })

  it('show when they were seen to those who share a chat, to the minute', async () => {
    const seen = async () => (await anna.call<{ last_seen_at: string | null }>('get', `/users/${boris.id}`)).body
    expect(await seen()).toEqual({
      id: boris.id,
      username: 'godunov',
      name: 'Борис_Годунов',
      kind: 'person',
      avatar: null,
      avatar_url: null,
      last_seen_at: null,
    })
    await boris.call('get', '/users/me')
    await anna.call('post', `/users/${boris.id}/messages`, { client_message_id: 'one', text: 'Привет' })
    expect((await seen()).last_seen_at).toBeNull()
    await boris.call('post', `/users/${anna.id}/messages`, { client_message_id: 'two', text: 'Привет' })
    await boris.call('get', '/users/me')
    await eventually(async () => expect((await seen()).last_seen_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/), { timeoutMs: 20_000 })
  }, 30_000)

  it('change their names', async () => {
    expect(await anna.call('patch', '/users/me', { name: ' Анна А. ' })).toMatchObject({
      status: 200,
      body: { id: anna.id, name: 'Анна А.', username: 'karenina', email: expect.any(String), created_at: expect.any(String) },
    })
    expect(await anna.call('patch', '/users/me', { username: 'Anna.A' })).toMatchObject({
      status: 200,
      body: { name: 'Анна А.', username: 'anna.a' },
    })
    expect(await anna.call('patch', '/users/me', {})).toMatchObject({ status: 200, body: { username: 'anna.a' } })
    expect((await anna.call('patch', '/users/me', { username: 'GODUNOV' })).body.code).toBe('username-taken')
    expect((await anna.call('patch', '/users/me', { username: 'ANNA.A' })).status).toBe(200)
    for (const wrong of [{ name: '' }, { name: null }, { username: 'a' }, { email: 'x@y.de' }, { password: 'something long' }])
      expect([wrong, (await anna.call('patch', '/users/me', wrong)).status]).toEqual([wrong, 422])
  })

  it('write to each other without a chat', async () => {
    const carla = await client.register('Carla')
    const first = await anna.call<{ chat_id: string; seq: number }>('post', `/users/${carla.id}/messages`, {
      client_message_id: 'w',
      text: 'Привет',
    })
    expect(first).toMatchObject({ status: 201, body: { text: 'Привет', seq: 2, client_message_id: 'w', sender: { id: anna.id } } })
    const again = await anna.call('post', `/users/${carla.id}/messages`, { client_message_id: 'w', text: ' Привет ' })
    expect(again.status).toBe(200)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.body).toEqual(first.body)
    expect(await anna.call('post', '/chats', { kind: 'private', user_id: carla.id })).toMatchObject({
      status: 200,
      body: { id: first.body.chat_id },
    })
    expect(await anna.call('post', `/users/${anna.id}/messages`, { client_message_id: 'w', text: 'x' })).toMatchObject({
      status: 422,
      body: { code: 'chat-with-self' },
    })
    expect(await anna.call('post', `/users/${carla.id}/messages`, { client_message_id: 'w', text: 'x', reply_to: carla.id })).toMatchObject(
      { status: 409, body: { code: 'key-reused' } },
    )
    expect(await anna.call('post', `/users/${carla.id}/messages`, { client_message_id: 'x', text: ' ' })).toMatchObject({
      status: 422,
      body: { code: 'text-empty' },
    })
  })
})

describe('a person who is deleted', () => {
  it('leaves everywhere, and only an empty place remains', async () => {
    const [anna, boris, carla] = await Promise.all([
      client.register('Анна'),
      client.register('Борис'),
      client.register('Карла', { username: 'carla.gone', email: 'carla.gone@example.com' }),
    ])
    type Chat = { id: string; kind: string; me: { role: string }; member_count: number; partner: object | null; name: string | null }
    const group = (await carla.call<Chat>('post', '/chats', { kind: 'group', name: 'Группа', member_ids: [anna.id, boris.id] })).body
    await carla.call('patch', `/chats/${group.id}/members/${boris.id}`, { role: 'admin' })
    const alone = (await carla.call<Chat>('post', '/chats', { kind: 'group', name: 'Одна' })).body
    const sent = (
      await carla.call<{ id: string; chat_id: string; seq: number }>('post', `/users/${anna.id}/messages`, {
        client_message_id: 'k',
        text: 'тайна',
      })
    ).body
    await carla.call('post', `/chats/${group.id}/messages`, { client_message_id: 'k', text: 'тайна в группе' })
    await anna.call('post', `/chats/${group.id}/messages`, { client_message_id: 'k', text: 'своё' })
    const [hers, mine] = await Promise.all([carla, anna].map(({ token }) => connect(service.url, { token })))
    await Promise.all([hers!.resume(), mine!.resume()])
    expect(await carla.call('post', '/users/me/delete', { password: 'wrong' })).toMatchObject({
      status: 401,
      body: { code: 'bad-credentials' },
    })
    expect((await carla.call('post', '/users/me/delete', {})).status).toBe(422)
    expect((await carla.call('post', '/users/me/delete', { password: carla.password })).status).toBe(204)
    expect(await hers!.closed).toEqual({ code: 4403 })
    expect((await carla.call('get', '/users/me')).status).toBe(401)
    expect((await client.call('post', '/auth/login', { body: { login: 'carla.gone', password: carla.password } })).status).toBe(401)
    for (const chatId of [group.id, sent.chat_id])
      await mine!.first('event', ({ event }) => event.chat_id === chatId && event.type === 'author.erased' && event.user_id === carla.id)
    const gone = { id: carla.id, username: null, name: null }
    expect((await anna.call('get', `/chats/${sent.chat_id}/messages/${sent.id}`)).body).toMatchObject({
      sender: gone,
      text: null,
      deleted_at: expect.any(String),
      seq: sent.seq,
    })
    const { body: log } = await anna.call<{
      items: { type: string; seq: number; message?: { sender: { id: string }; text: string | null } }[]
    }>('get', `/chats/${group.id}/events`)
    expect(log.items.map(({ seq }) => seq)).toEqual(log.items.map((_, i) => i + 1))
    expect(log.items.filter(({ type }) => type === 'author.erased')).toHaveLength(1)
    expect(log.items.find(({ message }) => message?.sender.id === carla.id)!.message).toMatchObject({ sender: gone, text: null })
    expect(JSON.stringify(log)).not.toMatch(/тайна|Карла|carla/)
    expect((await boris.call<Chat>('get', `/chats/${group.id}`)).body).toMatchObject({ me: { role: 'owner' }, member_count: 2 })
    expect((await anna.call('get', `/chats/${alone.id}`)).body.code).toBe('chat-not-found')
    expect((await anna.call<{ items: Chat[] }>('get', `/messages?query=${encodeURIComponent('тайна')}`)).body.items).toEqual([])
    expect((await anna.call<{ items: Chat[] }>('get', '/users?query=carla')).body.items.some((user) => user.id === carla.id)).toBe(false)
    expect((await anna.call('get', `/users/${carla.id}`)).status).toBe(404)
    expect((await boris.call('post', `/users/${carla.id}/messages`, { client_message_id: 'to', text: 'x' })).body.code).toBe(
      'user-not-found',
    )
    expect((await boris.call('post', '/chats', { kind: 'private', user_id: carla.id })).body.code).toBe('user-not-found')
    expect(await anna.call('post', '/chats', { kind: 'private', user_id: carla.id })).toMatchObject({
      status: 200,
      body: { id: sent.chat_id },
    })
    expect((await anna.call<Chat>('get', `/chats/${sent.chat_id}`)).body).toMatchObject({
      kind: 'private',
      partner: { id: carla.id, username: null, name: null, last_seen_at: null },
    })
    expect((await register({ username: 'carla.gone', email: 'carla.gone@example.com' })).status).toBe(201)
    await mine!.close()
  })
})

describe('guests and demo data, with DEMO=on', () => {
  it('are there', async () => {
    await using demo = await startService({ env: { DEMO: 'on', DATABASE_URL: 'memory:' } })
    const visitor = httpClient(demo.url)
    expect((await visitor.call<{ guest: boolean }>('get', '')).body.guest).toBe(true)
    const guest = await visitor.call<Session>('post', '/auth/guest', { body: { name: ' Гость ' } })
    expect(guest).toMatchObject({ status: 201, body: { user: { name: 'Гость', email: null, username: expect.any(String) } } })
    expect((await visitor.call<Session>('post', '/auth/guest', { body: {} })).body.user.name).toBeTruthy()
    expect((await visitor.call('post', '/auth/guest')).status).toBe(201)
    expect((await visitor.call('post', '/auth/guest', { body: { name: '' } })).status).toBe(422)
    expect((await visitor.call('post', '/auth/guest', { body: { nick: 'x' } })).status).toBe(422)
    const user2 = await visitor.login('user2', 'password123')
    const { body } = await user2.call<{ items: { kind: string; last_message: unknown; member_count: number }[] }>('get', '/chats')
    expect(body.items.map(({ kind }) => kind).sort()).toEqual(['group', 'private', 'private'])
    expect(body.items.every(({ last_message }) => last_message !== null)).toBe(true)
  })
})

describe('DIRECTORY=exact', () => {
  it('finds people by whole username or e-mail only', async () => {
    await using exact = await startService({ env: { DIRECTORY: 'exact', DATABASE_URL: 'memory:' } })
    const there = httpClient(exact.url)
    const anna = await there.register('Anna', { username: 'anna' })
    const boris = await there.register('Boris Godunov', { username: 'boris', email: 'boris@example.com' })
    const found = async (query: string) =>
      (await anna.call<{ items: { id: string }[] }>('get', `/users${query}`)).body.items.map(({ id }) => id)
    for (const query of ['?query=BORIS', '?query=boris%40example.com']) expect([query, await found(query)]).toEqual([query, [boris.id]])
    for (const query of ['', '?query=bori', '?query=Godunov', '?query=Boris+Godunov', '?query=example.com'])
      expect([query, await found(query)]).toEqual([query, []])
  })
})
