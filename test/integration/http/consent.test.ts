import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Endpoint } from '../../../src/adapters/wire/endpoints/endpoint.ts'
import { endpoints } from '../../../src/adapters/wire/endpoints.ts'
import type { Chat } from '../../../src/adapters/wire/schemas/chats.ts'
import type { Report } from '../../../src/adapters/wire/schemas/consent.ts'
import type { UserId } from '../../../src/domain/ids.ts'
import type { SignedInClient } from '../../support/http-client.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'
import { masterKey } from '../../support/keys.ts'

let server: HttpServed
beforeAll(async () => {
  server = await serveHttp()
})
afterAll(() => server.close())

let keys = 0
const said = (text = 'hello') => ({ client_message_id: `key ${++keys}`, text })
const NOT_ACCEPTED = { status: 403, body: { code: 'not-accepted' } }

async function pair() {
  const [ann, bob] = [await server.register('Ann'), await server.register('Bob')]
  const { body } = await ann.call<Chat>('post', '/chats', { kind: 'private', user_id: bob.id })
  const sent = [] as string[]
  for (const who of [ann, bob]) sent.push((await who.call<{ id: string }>('post', `/chats/${body.id}/messages`, said())).body.id)
  const group = (await ann.call<Chat>('post', '/chats', { kind: 'group', name: 'Both', member_ids: [bob.id] })).body.id
  return { ann, bob, chat: body.id, group, messages: { [ann.id]: sent[0]!, [bob.id]: sent[1]! } }
}

/** What each call that writes to a private chat is asked with: every call of the table with a chat in its path, but those that take back. */
const bodies: Readonly<Record<string, unknown>> = {
  sendMessage: { client_message_id: 'k', text: 'you' },
  editMessage: { text: 'you fool' },
  addReaction: {},
  pinMessage: {},
  renameChat: { data: { a: 1 } },
}
const SILENT = [
  'deleteMessage',
  'removeReaction',
  'unpinMessage',
  'markMessageRead',
  'markRead',
  'removeMember',
  'updateMyChat',
  'setNotices',
  'reportMessage',
  // One takes back a request of one's own, of which there is none.
  'declineRequest',
]

describe('two of whom one has blocked the other', () => {
  const writing = Object.entries(endpoints as Record<string, Endpoint>).filter(
    ([id, { method, path }]) => method !== 'get' && path.startsWith('/chats/{chat_id}') && !SILENT.includes(id),
  )

  it.each(writing)('are not reached by %s in their private chat', async (id, { method, path }) => {
    const { ann, bob, chat, messages } = await pair()
    await ann.call('put', `/users/me/blocks/${bob.id}`)
    for (const who of [ann, bob]) {
      const before = (await who.call<{ head: number }>('get', `/chats/${chat}/events`)).body.head
      const address = path
        .replace('{chat_id}', chat)
        .replace('{message_id}', messages[who.id]!)
        .replace('{emoji}', encodeURIComponent('👍'))
        .replace('{user_id}', bob.id)
        .replace('{invitation_id}', chat)
        .replace('{inlet_id}', chat)
      const { status, body } = await who.call<{ code: string }>(method, address, bodies[id] ?? {})
      expect(status).toBeGreaterThanOrEqual(400)
      expect(id in bodies ? body.code : 'not-accepted').toBe('not-accepted')
      expect((await who.call<{ head: number }>('get', `/chats/${chat}/events`)).body.head).toBe(before)
    }
  })

  it('are not reached by a message to the user, nor by a forwarded one, and once unblocked they are', async () => {
    const { ann, bob, chat, group, messages } = await pair()
    const own = await bob.call<{ id: string }>('post', `/chats/${group}/messages`, said('in the group'))
    await ann.call('put', `/users/me/blocks/${bob.id}`)
    const forward = { client_message_id: 'f', forward: { chat_id: group, message_id: own.body.id } }
    expect(await bob.call('post', `/users/${ann.id}/messages`, said())).toMatchObject(NOT_ACCEPTED)
    expect(await bob.call('post', `/chats/${chat}/messages`, forward)).toMatchObject(NOT_ACCEPTED)
    expect(await ann.call('post', `/users/${bob.id}/messages`, said())).toMatchObject(NOT_ACCEPTED)
    expect((await bob.call('delete', `/chats/${chat}/messages/${messages[bob.id]}`)).status).toBe(204)
    expect((await ann.call('delete', `/users/me/blocks/${bob.id}`)).status).toBe(204)
    expect((await bob.call('post', `/users/${ann.id}/messages`, said())).status).toBe(201)
  })

  it('do not open a new private chat, nor add each other to groups', async () => {
    const [ann, bob] = [await server.register('Ann'), await server.register('Bob')]
    await ann.call('put', `/users/me/blocks/${bob.id}`)
    for (const [who, other] of [
      [ann, bob],
      [bob, ann],
    ] as const) {
      expect(await who.call('post', '/chats', { kind: 'private', user_id: other.id })).toMatchObject(NOT_ACCEPTED)
      const { body } = await who.call<Chat>('post', '/chats', { kind: 'group', name: 'G', member_ids: [other.id] })
      expect(body.member_count).toBe(1)
      const added = await who.call('post', `/chats/${body.id}/members`, { user_ids: [other.id] })
      expect(added).toMatchObject({ status: 200, body: { added: [], skipped: [other.id] } })
    }
    expect((await bob.call<{ items: Chat[] }>('get', '/chats')).body.items).toHaveLength(1)
  })

  it('see it only if they are the blocker', async () => {
    const { ann, bob, group } = await pair()
    await ann.call('put', `/users/me/blocks/${bob.id}`)
    expect((await ann.call('get', `/users/${bob.id}`)).body).toMatchObject({ blocked: true, last_seen_at: null })
    expect((await bob.call('get', `/users/${ann.id}`)).body).not.toHaveProperty('blocked')
    expect((await ann.call<{ items: object[] }>('get', '/users/me/blocks')).body.items).toMatchObject([{ id: bob.id, blocked: true }])
    await bob.call('post', `/chats/${group}/messages`, said('tea'))
    expect((await ann.call<Chat>('get', `/chats/${group}`)).body).toMatchObject({ unread: 0, last_message: { text: 'tea' } })
    expect((await ann.call<{ items: object[] }>('get', '/messages?query=tea')).body.items).toEqual([])
  })

  it('refuses what cannot be blocked', async () => {
    const ann = await server.register('Ann')
    for (const id of [ann.id, '00000000-0000-7000-8000-000000000001', 'nobody'])
      expect(await ann.call('put', `/users/me/blocks/${id}`)).toMatchObject({ status: 404, body: { code: 'user-not-found' } })
  })
})

describe('privacy', () => {
  it('is shown and changed member by member', async () => {
    const ann = await server.register('Ann')
    const privacy = async () => (await ann.call<{ privacy: object }>('get', '/users/me')).body.privacy
    expect(await privacy()).toEqual({ write: 'anyone', add: 'anyone', last_seen: 'known' })
    const changed = await ann.call('patch', '/users/me', { privacy: { write: 'known' } })
    expect(changed).toMatchObject({ status: 200, body: { privacy: { write: 'known', add: 'anyone', last_seen: 'known' } } })
    await ann.call('patch', '/users/me', { privacy: { last_seen: 'nobody' } })
    expect(await privacy()).toEqual({ write: 'known', add: 'anyone', last_seen: 'nobody' })
    expect((await ann.call('patch', '/users/me', { privacy: { last_seen: 'anyone' } })).status).toBe(422)
  })

  it('keeps strangers from writing first, without a trace', async () => {
    const [ann, bob] = [await server.register('Ann'), await server.register('Bob')]
    await ann.call('patch', '/users/me', { privacy: { write: 'nobody' } })
    expect(await bob.call('post', `/users/${ann.id}/messages`, said())).toMatchObject(NOT_ACCEPTED)
    for (const who of [ann, bob]) expect((await who.call<{ items: Chat[] }>('get', '/chats')).body.items).toEqual([])
    expect((await ann.call('post', `/users/${bob.id}/messages`, said())).status).toBe(201)
    expect((await bob.call('post', `/users/${ann.id}/messages`, said())).status).toBe(201)
  })
})

describe('reports', () => {
  async function reported(reporter: SignedInClient, chat: string, message: string) {
    return reporter.call<{ id: string }>('post', `/chats/${chat}/messages/${message}/reports`, { reason: 'abuse', comment: ' again ' })
  }

  it('are made by members, once', async () => {
    const { ann, bob, chat, messages } = await pair()
    const stranger = await server.register('Eve')
    const first = await reported(ann, chat, messages[bob.id]!)
    expect(first.status).toBe(201)
    expect((await reported(ann, chat, messages[bob.id]!)).body.id).toBe(first.body.id)
    expect((await reported(stranger, chat, messages[bob.id]!)).status).toBe(404)
    expect((await ann.call('post', `/chats/${chat}/messages/${chat}/reports`, { reason: 'spam' })).status).toBe(404)
    for (const path of ['/service/reports', '/admin/reports']) expect((await ann.call('get', path)).status).toBe(403)
  })

  it('are resolved by staff and by keys that moderate: each deed has its row of the audit', async () => {
    const { ann, bob, chat, group, messages } = await pair()
    const key = await masterKey(server.app, ['moderate'])
    const staff = await server.register('Staff')
    await server.app.ports.accounts.setAdmin(staff.id as UserId, true)
    const { id } = (await reported(ann, chat, messages[bob.id]!)).body
    const asKey = { token: key }
    const open = await server.call<{ items: Report[] }>('get', '/service/reports?state=open', asKey)
    expect(open.body.items[0]).toMatchObject({ id, user_id: bob.id, reporter_id: ann.id, text: 'hello', comment: 'again', action: null })
    const resolved = await server.call<Report>('post', `/service/reports/${id}/resolve`, { ...asKey, body: { action: 'delete' } })
    expect(resolved.body).toMatchObject({ action: 'delete', text: 'hello' })
    expect((await ann.call('get', `/chats/${chat}/messages/${messages[bob.id]}`)).body).toMatchObject({ text: null })
    const inGroup = (await bob.call<{ id: string }>('post', `/chats/${group}/messages`, said('bad'))).body.id
    const second = (await reported(ann, group, inGroup)).body.id
    expect(await staff.call('post', `/admin/reports/${second}/resolve`, { action: 'ban' })).toMatchObject({
      status: 200,
      body: { action: 'ban' },
    })
    expect((await bob.call('get', `/chats/${group}`)).status).toBe(404)
    expect(await ann.call('post', `/chats/${group}/members`, { user_ids: [bob.id] })).toMatchObject({ body: { code: 'banned' } })
    expect(await staff.call('post', `/admin/reports/${second}/resolve`, { action: 'disable' })).toMatchObject({ body: { action: 'ban' } })
    const third = (await reported(bob, chat, messages[ann.id]!)).body.id
    expect((await staff.call('post', `/admin/reports/${third}/resolve`, { action: 'disable' })).status).toBe(200)
    expect(await ann.call('get', '/users/me')).toMatchObject({ status: 401 })
    const { body: audit } = await staff.call<{ items: { deed: string }[] }>('get', '/admin/audit')
    const deeds = audit.items.map(({ deed }) => deed).filter((deed) => deed !== 'key.made')
    expect(deeds.sort()).toEqual([
      'member.banned',
      'message.deleted',
      'report.resolved',
      'report.resolved',
      'report.resolved',
      'user.disabled',
    ])
    expect((await server.call('get', '/service/audit', asKey)).status).toBe(403)
    const admin = await masterKey(server.app, ['admin'])
    expect((await server.call<typeof audit>('get', '/service/audit?limit=1', { token: admin })).body.items).toHaveLength(1)
    expect((await staff.call('post', `/admin/reports/${chat}/resolve`, { action: 'none' })).status).toBe(404)
  })
})

describe('leaving for good', () => {
  it('is undone by an invitation alone', async () => {
    const { ann, bob, group } = await pair()
    const add = () => ann.call('post', `/chats/${group}/members`, { user_ids: [bob.id] })
    expect((await ann.call('delete', `/chats/${group}/members/me?stay_out=true`)).status).toBe(409)
    expect((await bob.call('delete', `/chats/${group}/members/me?stay_out=true`)).status).toBe(204)
    for (let i = 0; i < 2; i++) expect(await add()).toMatchObject({ status: 200, body: { added: [], skipped: [bob.id] } })
    const { code } = (await ann.call<{ code: string }>('post', `/chats/${group}/invitations`, {})).body
    expect((await bob.call('post', '/chats/join', { code })).status).toBe(200)
    expect((await bob.call('delete', `/chats/${group}/members/me`)).status).toBe(204)
    expect((await add()).body).toMatchObject({ skipped: [], added: [{ user: { id: bob.id } }] })
  })
})

describe('an export', () => {
  it('is everything about one person, as lines of JSON', async () => {
    const { ann, bob, group } = await pair()
    await ann.call('post', `/chats/${group}/messages`, said('mine alone'))
    await bob.call('post', `/chats/${group}/messages`, said('of bob'))
    const get = (path: string, token: string) => server.page(`/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
    const { status, headers, body } = await get('/users/me/export', ann.token)
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, 'application/x-ndjson', 'no-store'])
    const rows = body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { about: string; row: object })
    expect(new Set(rows.map(({ about }) => about))).toEqual(new Set(['users', 'sessions', 'members', 'messages']))
    expect(body).toContain('mine alone')
    expect(body).not.toContain('of bob')
    expect((await get(`/admin/users/${ann.id}/export`, bob.token)).status).toBe(403)
    const key = await masterKey(server.app, ['admin'])
    expect((await get(`/admin/users/${ann.id}/export`, key)).body.startsWith(body)).toBe(true)
    const deeds = await server.call<{ items: object[] }>('get', `/service/audit?user_id=${ann.id}`, { token: key })
    expect(deeds.body.items).toMatchObject([{ deed: 'user.exported', user_id: ann.id }])
  })
})
