import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Chat, Member } from '../../../src/adapters/wire/schemas/chats.ts'
import type { PageOf } from '../../../src/adapters/wire/schemas/common.ts'
import type { EventPage } from '../../../src/adapters/wire/schemas/events.ts'
import type { Session, SessionEntry, Token } from '../../../src/adapters/wire/schemas/identity.ts'
import type { Message, MessageReader, Reading } from '../../../src/adapters/wire/schemas/messages.ts'
import type { Me, User } from '../../../src/adapters/wire/schemas/people.ts'
import type { Service } from '../../../src/adapters/wire/schemas/service.ts'
import type { SessionId } from '../../../src/domain/ids.ts'
import type { SignedInClient } from '../../support/http-client.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'

let server: HttpServed
let ann: SignedInClient
let bob: SignedInClient
let eve: SignedInClient
beforeAll(async () => {
  server = await serveHttp()
})
beforeEach(async () => {
  ;[ann, bob, eve] = [await server.register('Ann Жанна'), await server.register('Bob'), await server.register('Eve')]
})
afterAll(() => server.close())

const groupOf = async (...others: SignedInClient[]) =>
  (await ann.call<Chat>('post', '/chats', { kind: 'group', name: 'Friends', member_ids: others.map(({ id }) => id) })).body

const send = (who: SignedInClient, chat: Chat, text: string, client_message_id = text) =>
  who.call<Message>('post', `/chats/${chat.id}/messages`, { client_message_id, text })

/** The address in a `Link` header, below the base path. */
const linked = (headers: Headers, rel: string) => new RegExp(`<[^>]*?/api/v1([^>]*)>; rel="${rel}"`).exec(headers.get('link') ?? '')?.[1]

describe('the service', () => {
  it('says what it is, with and without a slash', async () => {
    for (const path of ['', '/']) {
      const { status, body, headers } = await server.call<Service>('get', path)
      expect(status).toBe(200)
      expect(body).toMatchObject({
        name: 'windi-chat',
        version: '1.2.3',
        guest: false,
        passkeys: false,
        keep_s: 0,
        limits: { body_bytes: 65_536 },
      })
      expect(headers.get('content-type')).toBe('application/json')
    }
  })
})

describe('identity', () => {
  it('registers, and signs in by login, e-mail and username', async () => {
    const { user, ...session } = (await server.register('Zoë', { username: 'Zoe_1', email: ' Zoe@Example.COM ' })).session
    expect(user).toMatchObject({ name: 'Zoë', username: 'zoe_1', email: 'zoe@example.com' })
    expect(session).toMatchObject({ token_type: 'bearer', expires_in: 900, refresh_expires_in: expect.closeTo(2_592_000, -1) })
    const password = 'a battery of correct horses'
    for (const who of [{ login: 'zoe_1' }, { email: 'ZOE@example.com' }, { username: 'ZOE_1' }]) {
      const { status, body } = await server.call<Session>('post', '/auth/login', { body: { ...who, password, device_name: 'Phone' } })
      expect([status, body.user.id]).toEqual([200, user.id])
    }
    const wrong = await server.call('post', '/auth/login', { body: { login: 'zoe_1', password: 'another one' } })
    const unknown = await server.call('post', '/auth/login', { body: { login: 'nobody', password } })
    for (const { status, headers, body } of [wrong, unknown]) {
      expect([status, body.code, headers.get('www-authenticate')]).toEqual([401, 'bad-credentials', 'Bearer'])
    }
  })

  it('refreshes, and gives the same successor to who asks twice', async () => {
    const refresh_token = ann.session.refresh_token
    const one = await server.call<Session>('post', '/auth/refresh', { body: { refresh_token } })
    const other = await server.call<Session>('post', '/auth/refresh', { body: { refresh_token } })
    expect([one.status, other.status]).toEqual([200, 200])
    expect(other.body.refresh_token).toBe(one.body.refresh_token)
    expect(one.body.refresh_token).not.toBe(refresh_token)
    expect((await server.call('post', '/auth/refresh', { body: { refresh_token: 'x' } })).body.code).toBe('unauthenticated')
  })

  it('lists devices page by page, the newest first, and signs them out', async () => {
    const login = ann.session.user.email!
    const phone = await server.login(login, ann.password)
    const laptop = await server.login(login, ann.password)
    const first = await laptop.call<PageOf<SessionEntry>>('get', '/auth/sessions?limit=2&count=true')
    expect(first.body).toMatchObject({ total: 3, prev: null, items: [{ current: true }, { current: false }] })
    const rest = await laptop.call<PageOf<SessionEntry>>('get', `/auth/sessions?limit=2&cursor=${first.body.next}`)
    expect(rest.body).toMatchObject({ items: [{ id: ann.session.session_id }], next: null })
    expect((await laptop.call('delete', `/auth/sessions/${phone.session.session_id}`)).status).toBe(204)
    expect((await phone.call('get', '/users/me')).body.code).toBe('session-ended')
    expect((await laptop.call('delete', `/auth/sessions/${phone.session.session_id}`)).body.code).toBe('session-not-found')
    expect((await bob.call('delete', `/auth/sessions/${ann.session.session_id}`)).body.code).toBe('session-not-found')
    expect((await laptop.call('post', '/auth/logout')).status).toBe(204)
    expect((await laptop.call('get', '/users/me')).status).toBe(401)
  })

  it('ends the session that was not used for longest where a user has a thousand', async () => {
    const { sessions } = server.app.ports
    const phone = await server.login(ann.session.user.email!, ann.password)
    const oldest = (await sessions.get(ann.session.session_id as SessionId))!
    const other = { ...oldest, lastUsedAt: oldest.lastUsedAt + 1 }
    for (let i = 0; i < 998; i++) await sessions.add({ ...other, id: randomUUID() as SessionId })
    expect((await ann.call('get', '/users/me')).status).toBe(200)
    const laptop = await server.login(ann.session.user.email!, ann.password)
    expect((await ann.call('get', '/users/me')).body.code).toBe('session-ended')
    expect((await phone.call('get', '/users/me')).status).toBe(200)
    expect((await laptop.call<PageOf<SessionEntry>>('get', '/auth/sessions?limit=1&count=true')).body.total).toBe(1_000)
  })

  it('changes a password, which ends all other sessions', async () => {
    const other = await server.login(ann.session.user.email!, ann.password)
    const change = (current_password: string, new_password: string) =>
      ann.call('post', '/auth/password', { current_password, new_password })
    expect((await change('wrong', 'another long one')).body.code).toBe('bad-credentials')
    expect((await change(ann.password, 'password')).body.errors).toEqual([{ pointer: '/new_password', detail: expect.any(String) }])
    expect((await change(ann.password, 'another long one')).status).toBe(204)
    expect((await other.call('get', '/users/me')).status).toBe(401)
    expect((await ann.call('get', '/users/me')).status).toBe(200)
  })

  it('tells how long texts stay in all chats, in whole seconds', async () => {
    await using brief = await serveHttp({ messageTtl: 86_400_500 })
    expect((await brief.call<Service>('get', '/')).body.keep_s).toBe(86_401)
  })

  it('lets guests in where it is a demonstration, and else knows nothing there', async () => {
    expect((await server.call('post', '/auth/guest')).body.code).toBe('not-found')
    await using demo = await serveHttp({ guests: true }, { demo: true })
    const named = await demo.call<Session>('post', '/auth/guest', { body: { name: 'Гость' } })
    expect([named.status, named.body.user.name, named.body.user.email]).toEqual([201, 'Гость', null])
    expect((await demo.call('post', '/auth/guest')).status).toBe(201)
    expect((await demo.call<Service>('get', '/')).body.guest).toBe(true)
    const { access_token: token } = named.body
    expect((await demo.call('post', '/users/me/delete', { body: { password: 'any' }, token })).body.code).toBe('bad-credentials')
    expect((await demo.call('post', '/users/me/delete', { body: { password: '' }, token })).status).toBe(204)
    expect((await demo.call('get', '/users/me', { token })).body.code).toBe('session-ended')
  })

  it('forgets somebody who wants it', async () => {
    for (const password of ['wrong', ''])
      expect((await ann.call('post', '/users/me/delete', { password })).body.code).toBe('bad-credentials')
    expect((await ann.call('post', '/users/me/delete', { password: ann.password })).status).toBe(204)
    expect((await ann.call('get', '/users/me')).body.code).toBe('session-ended')
  })
})

describe('the form of OAuth 2', () => {
  const form = async (fields: Record<string, string> | string, headers = {}) => {
    const reply = await server.call<Token & { error?: string }>('post', '/auth/token', { body: new URLSearchParams(fields), headers })
    return reply
  }
  const login = () => ({ username: ann.session.user.username!, password: ann.password })

  it('gives tokens, whether or not it is called a grant, and whatever else the form says', async () => {
    for (const more of [{}, { grant_type: 'password' }, { grant_type: 'password', scope: 'a b', client_id: 'x', 'odd[0].field': '1' }]) {
      const { status, body, headers } = await form({ ...login(), ...more }, { authorization: `Basic ${btoa('client:secret')}` })
      expect(status).toBe(200)
      expect(Object.keys(body).sort()).toEqual(['access_token', 'expires_in', 'refresh_expires_in', 'refresh_token', 'token_type'])
      expect(headers.get('cache-control')).toBe('no-store')
      expect((await server.call('get', '/users/me', { token: body.access_token })).status).toBe(200)
    }
    const again = await form({ grant_type: 'refresh_token', refresh_token: ann.session.refresh_token })
    expect([again.status, typeof again.body.access_token]).toEqual([200, 'string'])
  })

  it.each([
    ['invalid_request', { password: 'x' }],
    ['invalid_request', {}],
    ['invalid_request', { grant_type: 'refresh_token' }],
    ['invalid_request', 'username=a&username=b&password=c'],
    ['invalid_request', { username: 'a\0b', password: 'x' }],
    ['unsupported_grant_type', { grant_type: 'client_credentials' }],
    ['unsupported_grant_type', { grant_type: '' }],
    ['invalid_grant', { username: 'nobody', password: 'wrong one' }],
    ['invalid_grant', { grant_type: 'refresh_token', refresh_token: 'nonsense' }],
  ])('answers %s for %j', async (error, fields) => {
    const { status, body, headers } = await form(fields)
    expect([status, body.error]).toEqual([400, error])
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual(['application/json', 'no-store'])
  })

  it('refuses an empty form, and one that is no UTF-8', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    for (const body of ['', new Uint8Array([0x75, 0x3d, 0xff])]) {
      const reply = await server.call<{ error: string }>('post', '/auth/token', { body, headers })
      expect([reply.status, reply.body.error]).toEqual([400, 'invalid_request'])
    }
  })
})

describe('people', () => {
  it('shows oneself with, and others without, what is private', async () => {
    expect(Object.keys((await ann.call<Me>('get', '/users/me')).body).sort()).toEqual([
      'avatar',
      'avatar_url',
      'created_at',
      'email',
      'email_verified',
      'external_id',
      'id',
      'is_admin',
      'kind',
      'last_seen_at',
      'name',
      'notices',
      'privacy',
      'username',
    ])
    expect((await bob.call<User>('get', `/users/${ann.id}`)).body).toEqual({
      id: ann.id,
      username: expect.any(String),
      name: 'Ann Жанна',
      kind: 'person',
      avatar: null,
      avatar_url: null,
      last_seen_at: null,
    })
    const renamed = await ann.call<Me>('patch', '/users/me', { name: ' Anna ' })
    expect([renamed.status, renamed.body.name]).toEqual([200, 'Anna'])
    const taken = await ann.call('patch', '/users/me', { username: bob.session.user.username })
    expect([taken.status, taken.body.code]).toEqual([409, 'username-taken'])
  })

  it('finds people by Cyrillic names without regard to case, page by page', async () => {
    const { body } = await bob.call<PageOf<User>>('get', `/users?query=${encodeURIComponent('ЖАННА')}&count=true&limit=1`)
    expect(body.items).toHaveLength(1)
    expect(body.total).toBeGreaterThanOrEqual(1)
    const exact = await bob.call<PageOf<User>>('get', `/users?query=${encodeURIComponent(ann.session.user.email!)}`)
    expect(exact.body.items.map(({ id }) => id)).toEqual([ann.id])
  })
})

describe('chats', () => {
  it('opens one private chat, however often and from whichever side', async () => {
    const first = await ann.call<Chat>('post', '/chats', { kind: 'private', user_id: bob.id })
    const again = await bob.call<Chat>('post', '/chats', { kind: 'private', user_id: ann.id.toUpperCase() })
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id])
    expect(first.body).toMatchObject({
      kind: 'private',
      name: null,
      partner: { id: bob.id },
      me: { role: 'member' },
      unread: 0,
      last_message: null,
    })
    expect((await ann.call('post', '/chats', { kind: 'private', user_id: ann.id })).body.code).toBe('chat-with-self')
    expect((await ann.call('patch', `/chats/${first.body.id}`, { name: 'x' })).body.code).toBe('not-a-group')
  })

  it('makes a group once for each `client_chat_id`, and nothing when somebody is unknown', async () => {
    const wanted = { kind: 'group', name: 'Чай', member_ids: [bob.id, bob.id, ann.id], client_chat_id: 'mine' }
    const [made, found] = [await ann.call<Chat>('post', '/chats', wanted), await ann.call<Chat>('post', '/chats', wanted)]
    expect([made.status, found.status, found.body.id]).toEqual([201, 200, made.body.id])
    expect(made.body).toMatchObject({ name: 'Чай', member_count: 2, me: { role: 'owner' }, partner: null })
    const unknown = '01890000-0000-7000-8000-000000000000'
    const refused = await ann.call('post', '/chats', { kind: 'group', name: 'x', member_ids: [unknown, bob.id] })
    expect([refused.status, refused.body.code, refused.body.user_ids]).toEqual([404, 'user-not-found', [unknown]])
    expect((await ann.call<PageOf<Chat>>('get', '/chats?count=true')).body.total).toBe(1)
  })

  it('lists one’s own, filtered and page by page', async () => {
    const direct = (await ann.call<Chat>('post', '/chats', { kind: 'private', user_id: bob.id })).body
    const group = await groupOf(bob)
    await send(ann, group, 'hello')
    const ids = async (query: string) => (await ann.call<PageOf<Chat>>('get', `/chats?${query}`)).body.items.map(({ id }) => id)
    expect(await ids('')).toEqual([group.id, direct.id])
    expect(await ids('kind=private')).toEqual([direct.id])
    expect(await ids('query=FRIEN')).toEqual([group.id])
    const { next } = (await ann.call<PageOf<Chat>>('get', '/chats?limit=1')).body
    expect(await ids(`limit=1&cursor=${next}`)).toEqual([direct.id])
    expect((await ann.call('get', `/chats?kind=group&cursor=${next}`)).body.errors).toEqual([
      { pointer: '/cursor', detail: expect.any(String) },
    ])
    expect((await eve.call<PageOf<Chat>>('get', '/chats')).body.items).toEqual([])
  })

  it('hides a chat from who is not in it, whatever is tried', async () => {
    const chat = await groupOf(bob)
    const { id } = (await send(ann, chat, 'secret')).body
    const below = `/chats/${chat.id}`
    for (const [method, path, body] of [
      ['get', below],
      ['patch', below, { name: 'x' }],
      ['delete', below],
      ['get', `${below}/members`],
      ['post', `${below}/members`, { user_ids: [eve.id] }],
      ['delete', `${below}/members?user_id=${bob.id}`],
      ['delete', `${below}/members/me`],
      ['delete', `${below}/members/${bob.id}`],
      ['patch', `${below}/members/${bob.id}`, { role: 'admin' }],
      ['get', `${below}/messages`],
      ['post', `${below}/messages`, { client_message_id: 'k', text: 'x' }],
      ['get', `${below}/messages/${id}`],
      ['patch', `${below}/messages/${id}`, { text: 'x' }],
      ['delete', `${below}/messages/${id}`],
      ['post', `${below}/read`, { seq: 1 }],
      ['put', `${below}/messages/${id}/read`],
      ['get', `${below}/messages/${id}/readers`],
      ['get', `${below}/events`],
      ['get', `${below}/messages/none`],
      ['patch', `${below}/members/none`, { role: 'admin' }],
    ] as const) {
      const { status, body: told } = await eve.call(method, path, body)
      expect([method, path, status, told.code]).toEqual([method, path, 404, 'chat-not-found'])
    }
  })

  it('adds, promotes and removes members', async () => {
    const chat = await groupOf(bob)
    const members = `/chats/${chat.id}/members`
    expect((await bob.call('post', members, { user_ids: [eve.id] })).body).toMatchObject({
      status: 403,
      code: 'not-allowed',
      requires: ['owner', 'admin'],
    })
    const added = await ann.call<{ added: Member[] }>('post', members, { user_ids: [eve.id, bob.id] })
    expect([added.status, added.body.added.map(({ user, role }) => [user.id, role])]).toEqual([200, [[eve.id, 'member']]])
    const promoted = await ann.call<Member>('patch', `${members}/${bob.id}`, { role: 'admin' })
    expect([promoted.status, promoted.body.role]).toEqual([200, 'admin'])
    const page = await ann.call<PageOf<Member>>('get', `${members}?limit=2`)
    expect(page.body.items.map(({ user }) => user.id)).toEqual([ann.id, bob.id])
    expect((await ann.call<PageOf<Member>>('get', `${members}?cursor=${page.body.next}`)).body.items.map(({ user }) => user.id)).toEqual([
      eve.id,
    ])
    expect((await ann.call('delete', `${members}/me`)).body.code).toBe('last-owner')
    expect((await ann.call('delete', `${members}/none`)).body.code).toBe('user-not-found')
    expect((await ann.call('delete', members)).body.errors).toEqual([{ pointer: '/user_id', detail: expect.any(String) }])
    const removed = await ann.call<{ removed: string[] }>('delete', `${members}?user_id=${bob.id}&user_id=${eve.id}`)
    expect([removed.status, removed.body.removed.toSorted()]).toEqual([200, [bob.id, eve.id].toSorted()])
    expect((await ann.call<Chat>('patch', `/chats/${chat.id}`, { name: 'Other' })).body).toMatchObject({ name: 'Other', member_count: 1 })
    expect((await ann.call('delete', `/chats/${chat.id}`)).status).toBe(204)
    expect((await ann.call('get', `/chats/${chat.id}`)).body.code).toBe('chat-not-found')
  })

  it('lets somebody leave by `me`', async () => {
    const chat = await groupOf(bob)
    expect((await bob.call('delete', `/chats/${chat.id}/members/me`)).status).toBe(204)
    expect((await bob.call('get', `/chats/${chat.id}`)).body.code).toBe('chat-not-found')
  })
})

describe('messages', () => {
  it('stores one for each key, and says so to all eight who sent it at once', async () => {
    const chat = await groupOf(bob)
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(ann, chat, ' привет ', 'one')))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 200, 200, 200, 201])
    for (const { status, headers, body } of answers) {
      expect(headers.get('idempotency-replayed')).toBe(status === 200 ? 'true' : null)
      expect(body).toEqual(answers[0]!.body)
    }
    expect(answers[0]!.body).toMatchObject({ text: 'привет', version: 1, client_message_id: 'one', read: false, reply_to: null })
    const reused = await send(ann, chat, 'another', 'one')
    expect([reused.status, reused.body as unknown as { code: string; message_id: string }]).toEqual([
      409,
      expect.objectContaining({ code: 'key-reused', message_id: answers[0]!.body.id }),
    ])
  })

  it('writes to a person without a chat, repeatably', async () => {
    const to = (text: string) => ann.call<Message>('post', `/users/${bob.id}/messages`, { client_message_id: 'k', text })
    const [first, again] = [await to('hi'), await to('hi')]
    expect([first.status, again.status, again.headers.get('idempotency-replayed'), again.body.id]).toEqual([
      201,
      200,
      'true',
      first.body.id,
    ])
    const chats = await bob.call<PageOf<Chat>>('get', '/chats')
    expect(chats.body.items).toMatchObject([{ partner: { id: ann.id }, unread: 1, last_message: { text: 'hi', client_message_id: null } }])
  })

  it('shows the newest page, and any other, with links to those around', async () => {
    const chat = await groupOf()
    for (let i = 1; i <= 7; i++) await send(ann, chat, `text ${i}`)
    const at = `/chats/${chat.id}/messages`
    const texts = async (query: string) =>
      (await ann.call<PageOf<Message>>('get', `${at}?${query}`)).body.items.map(({ text }) => Number(text?.slice(5)))
    expect(await texts('limit=3')).toEqual([5, 6, 7])
    expect(await texts('limit=3&order=desc')).toEqual([7, 6, 5])
    expect(await texts('before=4&limit=2')).toEqual([1, 2])
    expect(await texts('after=4&limit=2')).toEqual([4, 5])
    expect(await texts('around=5&limit=4')).toEqual([2, 3, 4, 5])
    expect(await texts('offset=1&limit=2')).toEqual([2, 3])
    expect(await texts('offset=1&limit=2&order=desc')).toEqual([6, 5])
    expect(await texts('query=EXT%207')).toEqual([7])
    expect(await texts(`sender_id=${bob.id}`)).toEqual([])
    expect(await texts('sender_id=none')).toEqual([])
    expect(await texts(`offset=10000&sender_id=${ann.id}`)).toEqual([])
    expect(await texts('offset=10001')).toEqual([])
    const page = await ann.call<PageOf<Message>>('get', `${at}?limit=3&count=true&query=text`)
    expect([page.body.total, page.body.next]).toEqual([7, null])
    expect(linked(page.headers, 'next')).toBeUndefined()
    const before = await ann.call<PageOf<Message>>('get', linked(page.headers, 'prev')!)
    expect(before.body.items.map(({ text }) => text)).toEqual(['text 2', 'text 3', 'text 4'])
    expect(before.body.total).toBe(7)
    const back = await ann.call<PageOf<Message>>('get', linked(before.headers, 'next')!)
    expect(back.body.items).toEqual(page.body.items)
  })

  it.each([
    'before=1&after=1',
    'around=1&offset=1',
    'offset=0&cursor=x',
    'offset=10001&sender_id=none',
    'offset=10001&query=ab',
    'before=-1',
    'order=up',
    'after=1&after=2',
  ])('refuses %s', async (query) => {
    const chat = await groupOf()
    expect((await ann.call('get', `/chats/${chat.id}/messages?${query}`)).body.code).toBe('invalid')
  })

  it('edits, deletes, and keeps the place', async () => {
    const chat = await groupOf(bob)
    const { id } = (await send(ann, chat, 'first')).body
    const at = `/chats/${chat.id}/messages/${id}`
    expect((await ann.call<Message>('patch', at, { text: 'second', version: 1 })).body).toMatchObject({ text: 'second', version: 2 })
    expect((await ann.call('patch', at, { text: 'third', version: 1 })).body).toMatchObject({
      status: 409,
      code: 'version-conflict',
      version: 2,
    })
    expect((await bob.call('patch', at, { text: 'x' })).body).toMatchObject({ status: 403, requires: ['author'] })
    expect((await bob.call('delete', at)).body.code).toBe('not-allowed')
    expect((await ann.call('delete', at)).status).toBe(204)
    expect((await ann.call('delete', at)).status).toBe(204)
    expect((await ann.call('patch', at, { text: 'x' })).body.code).toBe('message-deleted')
    expect((await bob.call<Message>('get', at)).body).toMatchObject({ text: null, deleted_at: expect.any(String) })
    expect((await bob.call('get', `/chats/${chat.id}/messages/none`)).body.code).toBe('message-not-found')
  })

  it('reads up to a message or a seq, and tells who has read and when', async () => {
    const chat = await groupOf(bob)
    const [one, two] = [(await send(ann, chat, 'one')).body, (await send(ann, chat, 'two')).body]
    expect((await bob.call<Reading>('post', `/chats/${chat.id}/read`, { message_id: one.id })).body).toEqual({
      chat_id: chat.id,
      read_seq: one.seq,
      unread: 1,
      unread_mentions: 0,
    })
    expect((await bob.call<Reading>('put', `/chats/${chat.id}/messages/${two.id}/read`)).body).toEqual({
      chat_id: chat.id,
      read_seq: two.seq,
      unread: 0,
      unread_mentions: 0,
    })
    expect((await bob.call<Reading>('post', `/chats/${chat.id}/read`, { seq: 1 })).body.read_seq).toBe(two.seq)
    for (const body of [{}, { seq: 1, message_id: one.id }, { message_id: 'x' }])
      expect((await bob.call('post', `/chats/${chat.id}/read`, body)).body.code).toBe('invalid')
    const readers = await ann.call<PageOf<MessageReader>>('get', `/chats/${chat.id}/messages/${one.id}/readers`)
    expect(readers.body.items).toEqual([{ user: expect.objectContaining({ id: bob.id }), read_at: expect.any(String) }])
    expect((await ann.call<Message>('get', `/chats/${chat.id}/messages/${one.id}`)).body.read).toBe(true)
  })

  it('searches all of one’s chats, newest first', async () => {
    const chat = await groupOf(bob)
    await send(ann, chat, 'Чай в пять')
    // Within one millisecond neither is the newer one.
    await pause(2)
    await send(bob, chat, 'ЧАЙ готов 100%')
    const found = await ann.call<PageOf<Message>>('get', `/messages?query=${encodeURIComponent('чай')}&limit=1`)
    expect(found.body.items.map(({ text }) => text)).toEqual(['ЧАЙ готов 100%'])
    const older = await ann.call<PageOf<Message>>('get', linked(found.headers, 'next')!)
    expect(older.body.items.map(({ text }) => text)).toEqual(['Чай в пять'])
    expect((await ann.call<PageOf<Message>>('get', '/messages?query=0%25')).body.items).toHaveLength(1)
    expect((await ann.call('get', '/messages')).body.errors).toEqual([{ pointer: '/query', detail: 'is required' }])
    expect((await eve.call<PageOf<Message>>('get', '/messages?query=%D1%87%D0%B0%D0%B9')).body.items).toEqual([])
  })

  it('gives the log without holes, and the way on', async () => {
    const chat = await groupOf(bob)
    for (let i = 0; i < 4; i++) await send(ann, chat, `text ${i}`)
    const first = await bob.call<EventPage>('get', `/chats/${chat.id}/events?limit=3`)
    expect([first.body.items.map(({ seq }) => seq), first.body.head]).toEqual([[1, 2, 3], 5])
    const rest = await bob.call<EventPage>('get', linked(first.headers, 'next')!)
    expect([rest.body.items.map(({ seq }) => seq), rest.body.next, rest.headers.get('link')]).toEqual([[4, 5], null, null])
    expect((await bob.call<EventPage>('get', `/chats/${chat.id}/events?after=5`)).body).toMatchObject({ items: [], head: 5, next: null })
    expect((await bob.call('get', `/chats/${chat.id}/events?after=1&cursor=${first.body.next}`)).body.code).toBe('invalid')
  })

  it('links to where clients reach it', async () => {
    await using other = await serveHttp({ publicUrl: 'https://chat.example.com' })
    const zoe = await other.register('Zoe')
    const chat = (await zoe.call<Chat>('post', '/chats', { kind: 'group', name: 'x' })).body
    await zoe.call('patch', `/chats/${chat.id}`, { name: 'y' })
    const { headers } = await zoe.call('get', `/chats/${chat.id}/events?limit=1`)
    expect(headers.get('link')).toMatch(
      new RegExp(`^<https://chat\\.example\\.com/api/v1/chats/${chat.id}/events\\?limit=1&cursor=[\\w-]+>; rel="next"$`),
    )
  })
})

it('none of this was a defect', () => {
  expect(server.defects).toEqual([])
})
