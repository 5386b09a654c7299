import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Chat, Member } from '../../../src/adapters/wire/schemas/chats.ts'
import type { PageOf } from '../../../src/adapters/wire/schemas/common.ts'
import type { EventPage } from '../../../src/adapters/wire/schemas/events.ts'
import type { Ban, Invitation } from '../../../src/adapters/wire/schemas/groups.ts'
import type { Message } from '../../../src/adapters/wire/schemas/messages.ts'
import type { Problem } from '../../../src/adapters/wire/schemas/service.ts'
import { refuse } from '../../../src/domain/refusal.ts'
import type { SignedInClient } from '../../support/http-client.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'
import { masterKey } from '../../support/keys.ts'
import { handClock } from '../../support/waiting.ts'

type Made = Invitation & { readonly code: string; readonly url: string }

const clock = handClock()
let server: HttpServed
let owner: SignedInClient
let admin: SignedInClient
let member: SignedInClient
let other: SignedInClient
let stranger: SignedInClient
let chat: string
beforeAll(async () => {
  const beforeJoin = ({ userIds }: { readonly userIds: readonly string[] }) => {
    if (userIds.includes(unwanted)) refuse('unwanted')
  }
  server = await serveHttp({ guests: true }, { demo: true }, { clock: clock.now, interceptors: { beforeJoin } })
})
let unwanted = ''
beforeEach(async () => {
  ;[owner, admin, member, other, stranger] = (await Promise.all(
    ['Owner', 'Admin', 'Member', 'Other', 'Stranger'].map((name) => server.register(name)),
  )) as [SignedInClient, SignedInClient, SignedInClient, SignedInClient, SignedInClient]
  const ids = [admin, member, other].map(({ id }) => id)
  chat = (await owner.call<Chat>('post', '/chats', { kind: 'group', name: 'Friends', member_ids: ids })).body.id
  await owner.call('patch', `/chats/${chat}/members/${admin.id}`, { role: 'admin' })
})
afterAll(() => server.close())

const A_WHILE = 300_000
const after = (ms: number) => new Date(clock.now() + ms).toISOString()
let count = 0
const send = (who: SignedInClient, key = `k${count++}`) =>
  who.call<Message & Problem>('post', `/chats/${chat}/messages`, { client_message_id: key, text: 'hello' })
const change = (who: SignedInClient, body: object) => who.call<Chat & Problem>('patch', `/chats/${chat}`, body)
const addTo = (who: SignedInClient, ...ids: string[]) => who.call('post', `/chats/${chat}/members`, { user_ids: ids })
const invite = (who: SignedInClient, body: object = {}) => who.call<Made & Problem>('post', `/chats/${chat}/invitations`, body)
const join = (who: SignedInClient, code: string) => who.call<Chat & Problem>('post', '/chats/join', { code })
const ban = (who: SignedInClient, id: string, body: object = {}) => who.call('put', `/chats/${chat}/bans/${id}`, body)
const events = async (from = 1) => (await owner.call<EventPage>('get', `/chats/${chat}/events?after=${from}&limit=100`)).body.items

describe('rules', () => {
  it('are those of every new group, and none in a private chat', async () => {
    expect((await owner.call<Chat>('get', `/chats/${chat}`)).body.rules).toEqual({
      post: 'member',
      add: 'admin',
      invite: 'admin',
      slow_s: 0,
      keep_s: 0,
    })
    const { body } = await owner.call<Chat>('post', '/chats', { kind: 'private', user_id: admin.id })
    expect(body.rules).toBeNull()
    expect((await owner.call('patch', `/chats/${body.id}`, { rules: { slow_s: 1 } })).body.code).toBe('not-a-group')
  })

  it('change by part, and tell all of them', async () => {
    expect((await change(admin, { rules: { slow_s: 30 } })).body.rules).toEqual({
      post: 'member',
      add: 'admin',
      invite: 'admin',
      slow_s: 30,
      keep_s: 0,
    })
    await change(admin, { rules: { slow_s: 30 } })
    const told = (await events()).filter(({ type }) => type === 'chat.rules_changed')
    expect(told).toMatchObject([{ actor_id: admin.id, rules: { post: 'member', add: 'admin', invite: 'admin', slow_s: 30 } }])
    expect((await change(member, { rules: { slow_s: 0 } })).body).toMatchObject({ code: 'not-allowed', requires: ['owner', 'admin'] })
    for (const rules of [{ slow_s: 21_601 }, { slow_s: -1 }, { post: 'nobody' }, { other: 1 }])
      expect((await change(owner, { rules })).status).toBe(422)
  })

  it('that name the owner only the owner gives and takes', async () => {
    expect((await change(admin, { rules: { post: 'owner' } })).body).toMatchObject({ code: 'not-allowed', requires: ['owner'] })
    expect((await change(admin, { rules: { keep_s: 86_400 } })).body).toMatchObject({ code: 'not-allowed', requires: ['owner'] })
    expect((await change(owner, { rules: { keep_s: 86_400 } })).body.rules).toMatchObject({ keep_s: 86_400 })
    expect((await change(owner, { rules: { keep_s: 315_360_001 } })).status).toBe(422)
    expect((await change(owner, { rules: { post: 'owner', keep_s: 0 } })).status).toBe(200)
    expect((await change(admin, { rules: { post: 'member' } })).body.code).toBe('not-allowed')
    expect((await change(admin, { rules: { add: 'member' } })).status).toBe(200)
  })

  it.each(['member', 'admin', 'owner'] as const)('say that %s posts, adds and invites', async (role) => {
    await change(owner, { rules: { post: role, add: role, invite: role } })
    const may = { owner: true, admin: role !== 'owner', member: role === 'member' }
    for (const [name, who] of Object.entries({ owner, admin, member })) {
      const expected = may[name as keyof typeof may] ? undefined : 'not-allowed'
      expect((await send(who)).body.code).toBe(expected)
      expect((await addTo(who, (await server.register()).id)).body.code).toBe(expected)
      expect((await invite(who)).status).toBe(expected === undefined ? 201 : 403)
    }
  })

  it('let nobody edit who may not post', async () => {
    const { body } = await send(member)
    await change(owner, { rules: { post: 'admin' } })
    expect((await member.call('patch', `/chats/${chat}/messages/${body.id}`, { text: 'other' })).body.code).toBe('not-allowed')
    expect((await member.call('delete', `/chats/${chat}/messages/${body.id}`)).status).toBe(204)
  })
})

describe('a description', () => {
  it('is of a group, and told as it is now', async () => {
    expect((await change(admin, { description: '  For tea  ' })).body.description).toBe('For tea')
    expect((await change(admin, { description: '' })).body.description).toBeNull()
    expect((await change(member, { description: 'x' })).body.code).toBe('not-allowed')
    expect((await change(owner, { description: 'x'.repeat(1_025) })).body).toMatchObject({
      code: 'invalid',
      errors: [{ pointer: '/description' }],
    })
    await change(owner, { description: 'For coffee', name: 'Coffee' })
    const told = (await events()).flatMap((event) => (event.type === 'chat.description_changed' ? [event.description] : []))
    expect(told).toEqual(['For coffee', 'For coffee', 'For coffee'])
  })
})

describe('slow mode', () => {
  it('holds back members alone, by their last message, and repeats what arrived', async () => {
    const first = await send(member, 'first')
    await change(owner, { rules: { slow_s: 60 } })
    const early = await send(member)
    expect([early.status, early.body.code, early.body.retry_after_ms]).toEqual([429, 'slow-mode', 60_000])
    expect(early.headers.get('retry-after')).toBe('60')
    expect((await send(member, 'first')).body.id).toBe(first.body.id)
    expect((await send(other)).status).toBe(201)
    for (const who of [owner, owner, admin, admin]) expect((await send(who)).status).toBe(201)
    await member.call('delete', `/chats/${chat}/messages/${first.body.id}`)
    clock.advance(59_999)
    expect((await send(member)).body.retry_after_ms).toBe(1)
    clock.advance(1)
    const both = await Promise.all([send(member), send(member)])
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 429]))
    await change(owner, { rules: { slow_s: 0 } })
    expect((await send(member)).status).toBe(201)
  })
})

describe('a mute', () => {
  it('keeps a member from sending and editing until it ends', async () => {
    const { body } = await send(member)
    const path = `/chats/${chat}/members/${member.id}/mute`
    const until = after(A_WHILE)
    expect((await admin.call('put', path, { until })).status).toBe(204)
    const refused = await send(member)
    expect([refused.status, refused.body.code, refused.body.until]).toEqual([403, 'muted', until])
    expect((await member.call('patch', `/chats/${chat}/messages/${body.id}`, { text: 'x' })).body.code).toBe('muted')
    expect((await member.call<Chat>('get', `/chats/${chat}`)).body.me!.muted_until).toBe(until)
    const { body: members } = await owner.call<PageOf<Member>>('get', `/chats/${chat}/members`)
    expect(members.items.filter(({ muted_until }) => muted_until !== null).map(({ user }) => user.id)).toEqual([member.id])
    expect((await owner.call('delete', path)).status).toBe(204)
    expect((await owner.call('delete', path)).status).toBe(204)
    expect((await send(member)).status).toBe(201)
    await owner.call('put', path, { until })
    clock.advance(A_WHILE)
    expect((await send(member)).status).toBe(201)
    const told = (await events()).flatMap((event) => (event.type === 'member.muted' ? [event] : []))
    expect(told).toMatchObject([
      { actor_id: admin.id, user_id: member.id, until },
      { actor_id: owner.id, user_id: member.id, until: null },
      { actor_id: owner.id, until },
    ])
  })

  it('outlasts the membership: whoever left and comes back is muted', async () => {
    const until = after(A_WHILE)
    const { code } = (await invite(owner)).body
    for (const back of [() => join(member, code), () => addTo(owner, member.id)]) {
      await admin.call('put', `/chats/${chat}/members/${member.id}/mute`, { until })
      await member.call('delete', `/chats/${chat}/members/me`)
      expect((await back()).status).toBe(200)
      expect((await send(member)).body.code).toBe('muted')
      expect((await events()).slice(-2)).toMatchObject([{ type: 'member.added' }, { type: 'member.muted', user_id: member.id, until }])
    }
    await admin.call('delete', `/chats/${chat}/members/${member.id}/mute`)
    await member.call('delete', `/chats/${chat}/members/me`)
    await join(member, code)
    expect((await send(member)).status).toBe(201)
  })

  it('is not for staff, nor for those who are not there, nor for the past', async () => {
    const mute = (who: SignedInClient, id: string, until = after(A_WHILE)) =>
      who.call('put', `/chats/${chat}/members/${id}/mute`, { until })
    expect((await mute(owner, admin.id)).body.code).toBe('not-allowed')
    expect((await mute(admin, owner.id)).body.code).toBe('not-allowed')
    expect((await mute(admin, admin.id)).body.code).toBe('not-allowed')
    expect((await mute(admin, stranger.id)).body.code).toBe('user-not-found')
    expect((await mute(member, other.id)).body.code).toBe('not-allowed')
    expect((await mute(admin, member.id, after(0))).body).toMatchObject({ code: 'invalid', errors: [{ pointer: '/until' }] })
  })
})

describe('a ban', () => {
  it('removes, and tells both', async () => {
    expect((await ban(admin, member.id, { reason: 'spam' })).status).toBe(204)
    expect((await member.call('get', `/chats/${chat}`)).body.code).toBe('chat-not-found')
    const told = (await events()).slice(-2)
    expect(told).toMatchObject([
      { type: 'member.removed', actor_id: admin.id, user_id: member.id },
      { type: 'member.banned', actor_id: admin.id, user_id: member.id, until: null },
    ])
    expect(JSON.stringify(told)).not.toContain('spam')
    const { body } = await owner.call<PageOf<Ban>>('get', `/chats/${chat}/bans?count=true`)
    expect(body).toEqual({
      items: [
        { user: expect.objectContaining({ id: member.id }), until: null, reason: 'spam', banned_at: told[1]!.at, banned_by: admin.id },
      ],
      next: null,
      prev: null,
      total: 1,
    })
    expect((await other.call('get', `/chats/${chat}/bans`)).body.code).toBe('not-allowed')
  })

  it('is given by those who may remove, to those who may be removed, and to those who never came', async () => {
    expect((await ban(member, other.id)).body.code).toBe('not-allowed')
    expect((await ban(admin, owner.id)).body.code).toBe('not-allowed')
    expect((await ban(admin, admin.id)).body).toMatchObject({ code: 'not-allowed' })
    expect((await ban(owner, owner.id)).body.code).toBe('not-allowed')
    await owner.call('patch', `/chats/${chat}/members/${other.id}`, { role: 'admin' })
    expect((await ban(admin, other.id)).body).toMatchObject({ code: 'not-allowed', requires: ['owner'] })
    expect((await ban(owner, other.id)).status).toBe(204)
    expect((await ban(admin, stranger.id)).status).toBe(204)
    expect((await ban(admin, '01900000-0000-7000-8000-000000000009')).body.code).toBe('user-not-found')
    expect((await ban(admin, member.id, { until: after(-1) })).body).toMatchObject({ code: 'invalid' })
    expect((await ban(admin, member.id, { reason: 'x'.repeat(257) })).body).toMatchObject({ code: 'invalid' })
  })

  it('beats every way in, until it ends or is lifted', async () => {
    const guest = await server.call<{ access_token: string; user: { id: string } }>('post', '/auth/guest', { body: {} })
    const asGuest = {
      ...stranger,
      call: ((method: string, path: string, body?: unknown) =>
        server.call(method, path, { body, token: guest.body.access_token })) as SignedInClient['call'],
    }
    const { code } = (await invite(owner)).body
    await change(owner, { rules: { add: 'member' } })
    for (const id of [member.id, guest.body.user.id]) await ban(admin, id, { until: after(A_WHILE) })
    for (const who of [owner, admin, other]) {
      const { status, body } = await addTo(who, member.id, stranger.id)
      expect([status, body.code, body.user_ids]).toEqual([403, 'banned', [member.id]])
    }
    for (const who of [member, asGuest]) {
      const { status, body } = await join(who, code)
      expect([status, body.code]).toEqual([403, 'banned'])
    }
    await admin.call('delete', `/chats/${chat}/bans/${member.id}`)
    expect((await join(member, code)).status).toBe(200)
    clock.advance(A_WHILE)
    expect((await join(asGuest, code)).status).toBe(200)
  })

  it('beats back ends, too', async () => {
    const token = await masterKey(server.app, ['provision', 'act'])
    const provision = (path: string, body: object) =>
      server.call<{ items: { user: { id: string }; chat: { id: string } }[] } & Problem>('put', path, { token, body })
    const names = ['boss', 'cook', 'maid'].map((name) => `${name} ${chat}`)
    const { items } = (await provision('/service/users', { users: names.map((id) => ({ external_id: id, name: id })) })).body
    const wanted = { external_id: chat, name: 'Staff', owner: names[0], members: [names[1]] }
    const made = (await provision('/service/chats', { chats: [wanted] })).body.items[0]!.chat.id
    const act = (method: string, path: string, body?: unknown) =>
      server.call(method, path, { token, body, headers: { 'act-as': items[0]!.user.id } })
    for (const { user } of items.slice(1)) expect((await act('put', `/chats/${made}/bans/${user.id}`, {})).status).toBe(204)
    for (const members of [names.slice(1, 2), names.slice(2), names]) {
      const { status, body } = await provision('/service/chats', { chats: [{ ...wanted, members }] })
      expect([status, body.code]).toEqual([403, 'banned'])
    }
    const { status, body } = await provision('/service/chats', { chats: [{ ...wanted, owner: names[2], members: [] }] })
    expect([status, body.code]).toEqual([403, 'banned'])
  })
})

describe('the limit of members', () => {
  it('is the one that the operator has set, for every way in', async () => {
    await using small = await serveHttp({ groupLimit: 3 }, { groupLimit: 3 })
    const token = await masterKey(small.app, ['provision'])
    const [one, two, three, four] = (await Promise.all(Array.from({ length: 4 }, () => small.register()))) as [
      SignedInClient,
      SignedInClient,
      SignedInClient,
      SignedInClient,
    ]
    const create = (...ids: string[]) => one.call<Chat & Problem>('post', '/chats', { kind: 'group', name: 'Few', member_ids: ids })
    expect((await create(two.id, three.id, four.id)).body.code).toBe('group-full')
    const { id } = (await create(two.id)).body
    const { code } = (await one.call<Made>('post', `/chats/${id}/invitations`, {})).body
    expect((await one.call('post', `/chats/${id}/members`, { user_ids: [three.id, four.id] })).body.code).toBe('group-full')
    expect((await three.call('post', '/chats/join', { code })).status).toBe(200)
    expect((await four.call('post', '/chats/join', { code })).body.code).toBe('group-full')
    expect((await three.call('post', '/chats/join', { code })).status).toBe(200)
    const names = ['a', 'b', 'c', 'd']
    await small.call('put', '/service/users', { token, body: { users: names.map((name) => ({ external_id: name, name })) } })
    const body = { chats: [{ external_id: 'x', name: 'X', owner: 'a', members: names }] }
    expect((await small.call('put', '/service/chats', { token, body })).body.code).toBe('group-full')
    expect((await small.call<{ limits: { group_members: number } }>('get', '/')).body.limits.group_members).toBe(3)
  })
})

describe('an invitation', () => {
  it('lets in whoever has its code, as a member who joined', async () => {
    const { status, body } = await invite(owner, { uses: 2 })
    expect(status).toBe(201)
    expect(body).toMatchObject({ created_by: owner.id, uses: 2, used: 0, expires_at: after(7 * 86_400_000) })
    expect(body.url).toBe(`${server.url}/#/join/${body.code}`)
    const joined = await join(stranger, body.code)
    expect([joined.status, joined.body.id, joined.body.me!.role]).toEqual([200, chat, 'member'])
    expect((await events()).at(-1)).toMatchObject({
      type: 'member.added',
      actor_id: stranger.id,
      user: { id: stranger.id },
      role: 'member',
    })
    expect((await join(stranger, body.code)).status).toBe(200)
    const { code: _, url: __, ...shown } = body
    const listed = await admin.call<PageOf<Invitation>>('get', `/chats/${chat}/invitations`)
    expect(listed.body.items).toEqual([{ ...shown, used: 1 }])
  })

  it('lets in as many as it says, of a hundred at once, and a member again after that', async () => {
    const { code } = (await invite(owner, { uses: 7 })).body
    const people = await Promise.all(Array.from({ length: 100 }, () => server.register()))
    const outcomes = await Promise.all(people.map(async (who) => (await join(who, code)).status))
    expect(outcomes.filter((status) => status === 200)).toHaveLength(7)
    expect(outcomes.filter((status) => status === 404)).toHaveLength(93)
    expect((await owner.call<Chat>('get', `/chats/${chat}`)).body.member_count).toBe(11)
    expect((await join(people[outcomes.indexOf(200)]!, code)).status).toBe(200)
  })

  it('is worth nothing once it has expired, is revoked, or its maker may no longer invite', async () => {
    const refused = async (code: string) => {
      const { status, body } = await join(stranger, code)
      return [status, body.code]
    }
    const gone = [404, 'invitation-not-found']
    expect(await refused('nonsense')).toEqual(gone)
    const { code } = (await invite(admin, { expires_at: after(A_WHILE) })).body
    clock.advance(A_WHILE)
    expect(await refused(code)).toEqual(gone)
    const second = (await invite(admin)).body
    expect((await member.call('delete', `/chats/${chat}/invitations/${second.id}`)).body.code).toBe('not-allowed')
    expect((await owner.call('delete', `/chats/${chat}/invitations/${second.id}`)).status).toBe(204)
    expect((await owner.call('delete', `/chats/${chat}/invitations/${second.id}`)).body.code).toBe('invitation-not-found')
    expect(await refused(second.code)).toEqual(gone)
    const third = (await invite(admin)).body.code
    await owner.call('patch', `/chats/${chat}/members/${admin.id}`, { role: 'member' })
    expect(await refused(third)).toEqual(gone)
    await owner.call('patch', `/chats/${chat}/members/${admin.id}`, { role: 'admin' })
    await ban(owner, admin.id)
    expect(await refused(third)).toEqual(gone)
    for (const body of [{ expires_at: after(-1) }, { expires_at: after(367 * 86_400_000) }, { uses: 0 }])
      expect((await invite(owner, body)).status).toBe(422)
  })

  it('of others is seen by the staff alone', async () => {
    await change(owner, { rules: { invite: 'member' } })
    const [first, second] = [(await invite(owner)).body, (await invite(member)).body]
    const list = async (who: SignedInClient) =>
      (await who.call<PageOf<Invitation>>('get', `/chats/${chat}/invitations`)).body.items.map(({ id }) => id).sort()
    expect(await list(member)).toEqual([second.id])
    expect(await list(admin)).toEqual([first.id, second.id].sort())
    expect((await member.call('delete', `/chats/${chat}/invitations/${first.id}`)).body.code).toBe('invitation-not-found')
    const pages: string[] = []
    for (let cursor = ''; ; ) {
      const { body } = await owner.call<PageOf<Invitation>>('get', `/chats/${chat}/invitations?limit=1${cursor}`)
      pages.push(...body.items.map(({ id }) => id))
      if (body.next === null) break
      cursor = `&cursor=${body.next}`
    }
    expect(pages.sort()).toEqual([first.id, second.id].sort())
  })

  it('is one of a hundred at most', async () => {
    for (let i = 0; i < 100; i++) expect((await invite(owner)).status).toBe(201)
    expect((await invite(admin)).body).toMatchObject({ code: 'invitations-full', limit: 100 })
  })

  it('asks the host before it lets somebody in', async () => {
    const { code } = (await invite(owner, { uses: 1 })).body
    unwanted = stranger.id
    expect((await join(stranger, code)).body).toMatchObject({ code: 'refused', reason: 'unwanted' })
    unwanted = ''
    expect((await join(stranger, code)).status).toBe(200)
  })
})
