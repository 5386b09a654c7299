import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Chat, Member } from '../../src/adapters/wire/schemas/chats.ts'
import type { Event } from '../../src/adapters/wire/schemas/events.ts'
import { type HttpClient, httpClient, type SignedInClient } from '../support/http-client.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let client: HttpClient
let [anna, boris, carla, dasha]: SignedInClient[] = []

beforeAll(async () => {
  service = await startService()
  client = httpClient(service.url)
  ;[anna, boris, carla, dasha] = await Promise.all(['Анна', 'Борис', 'Карла', 'Даша'].map((name) => client.register(name)))
})
afterAll(() => service.stop())

type Page<T> = { items: T[]; next: string | null; prev: string | null; total?: number }
const group = async (owner: SignedInClient, members: readonly SignedInClient[] = [], name = 'Группа') =>
  (await owner.call<Chat>('post', '/chats', { kind: 'group', name, member_ids: members.map(({ id }) => id) })).body
const eventsOf = async (who: SignedInClient, chatId: string) => (await who.call<Page<Event>>('get', `/chats/${chatId}/events`)).body.items
const say = (who: SignedInClient, chatId: string, text = 'слово') =>
  who.call<{ id: string; seq: number }>('post', `/chats/${chatId}/messages`, { client_message_id: `${who.id}${Math.random()}`, text })
const role = (who: SignedInClient, chatId: string, of: string, to: string) =>
  who.call<Member & { code?: string }>('patch', `/chats/${chatId}/members/${of}`, { role: to })

describe('private chats', () => {
  it('are one for each pair, from whichever side and however often they are opened', async () => {
    const [one, two] = await Promise.all([client.register('Один'), client.register('Два')])
    const opened = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        i % 2
          ? one.call<Chat>('post', '/chats', { kind: 'private', user_id: two.id })
          : two.call<Chat>('post', '/chats', { kind: 'private', user_id: one.id }),
      ),
    )
    expect(opened.map(({ status }) => status).sort((a, b) => a - b)).toEqual([...Array(7).fill(200), 201])
    expect(new Set(opened.map(({ body }) => body.id)).size).toBe(1)
    const mine = opened[1]!.body
    expect(mine).toMatchObject({
      kind: 'private',
      name: null,
      head_seq: 1,
      member_count: 2,
      partner: { id: two.id, name: 'Два' },
      me: { role: 'member', read_seq: 1 },
      read_by_others_seq: 1,
      unread: 0,
      last_message: null,
    })
    expect(await eventsOf(one, mine.id)).toEqual([
      {
        chat_id: mine.id,
        seq: 1,
        at: expect.any(String),
        actor_id: expect.any(String),
        type: 'chat.created',
        kind: 'private',
        name: null,
        members: expect.arrayContaining([expect.objectContaining({ role: 'member', user: expect.objectContaining({ id: one.id }) })]),
      },
    ])
  })

  it('are no groups', async () => {
    const { body: chat } = await anna!.call<Chat>('post', '/chats', { kind: 'private', user_id: boris!.id })
    const refused = [
      anna!.call('patch', `/chats/${chat.id}`, { name: 'Мы' }),
      anna!.call('post', `/chats/${chat.id}/members`, { user_ids: [carla!.id] }),
      anna!.call('patch', `/chats/${chat.id}/members/${boris!.id}`, { role: 'admin' }),
      anna!.call('delete', `/chats/${chat.id}/members/${boris!.id}`),
      anna!.call('delete', `/chats/${chat.id}`),
    ]
    for (const reply of await Promise.all(refused)) expect([reply.status, reply.body.code]).toEqual([422, 'not-a-group'])
    expect(await anna!.call('post', '/chats', { kind: 'private', user_id: anna!.id })).toMatchObject({
      status: 422,
      body: { code: 'chat-with-self' },
    })
  })

  it('may be left, and come back with the next message', async () => {
    const [one, two] = await Promise.all([client.register('Один'), client.register('Два')])
    const { body: chat } = await one.call<Chat>('post', '/chats', { kind: 'private', user_id: two.id })
    await say(one, chat.id)
    const list = async (who: SignedInClient) => (await who.call<Page<Chat>>('get', '/chats')).body.items.map(({ id }) => id)
    expect((await one.call('delete', `/chats/${chat.id}/members/me`)).status).toBe(204)
    expect(await list(one)).toEqual([])
    expect(await list(two)).toEqual([chat.id])
    await say(two, chat.id, 'ты где?')
    expect(await list(one)).toEqual([chat.id])
    const back = (await one.call<Chat>('get', `/chats/${chat.id}`)).body
    expect(back.last_message).toMatchObject({ text: 'ты где?' })
    expect(back.unread).toBe(1)
    await one.call('delete', `/chats/${chat.id}/members/${one.id}`)
    expect((await one.call<Chat>('post', '/chats', { kind: 'private', user_id: two.id })).body.id).toBe(chat.id)
    expect((await one.call('post', `/users/${two.id}/messages`, { client_message_id: 'again', text: 'вот' })).status).toBe(201)
    expect(await list(one)).toEqual([chat.id])
  })
})

describe('groups', () => {
  it('are made with their members, once for each client_chat_id', async () => {
    const body = { kind: 'group', name: '  Друзья ', member_ids: [boris!.id, boris!.id.toUpperCase(), anna!.id], client_chat_id: 'мой' }
    const first = await anna!.call<Chat>('post', '/chats', body)
    expect(first).toMatchObject({
      status: 201,
      body: {
        kind: 'group',
        name: 'Друзья',
        member_count: 2,
        partner: null,
        me: { role: 'owner', read_seq: 1 },
        read_by_others_seq: 1,
        unread: 0,
      },
    })
    const again = await Promise.all(Array.from({ length: 4 }, () => anna!.call<Chat>('post', '/chats', body)))
    for (const reply of again) expect(reply).toMatchObject({ status: 200, body: { id: first.body.id } })
    expect((await boris!.call<Chat>('post', '/chats', body)).status).toBe(201)
    const unknown = ['0198c2f4-0000-7000-8000-000000000001', '0198c2f4-0000-7000-8000-000000000002']
    const before = (await anna!.call<Page<Chat>>('get', '/chats?count=true')).body.total
    expect(await anna!.call('post', '/chats', { kind: 'group', name: 'x', member_ids: [boris!.id, ...unknown] })).toMatchObject({
      status: 404,
      body: { code: 'user-not-found', user_ids: unknown },
    })
    expect((await anna!.call<Page<Chat>>('get', '/chats?count=true')).body.total).toBe(before)
  })

  it.each([
    { kind: 'group' },
    { kind: 'group', name: ' ' },
    { kind: 'group', name: 'x'.repeat(129) },
    { kind: 'group', name: 'a\nb' },
    { kind: 'team', name: 'x' },
    { name: 'x' },
    { kind: 'private' },
    { kind: 'private', user_id: '', name: 'x' },
    { kind: 'group', name: 'x', member_ids: 'all' },
    { kind: 'group', name: 'x', member_ids: [1] },
    { kind: 'group', name: 'x', client_chat_id: '' },
    { kind: 'group', name: 'x', client_chat_id: 'k'.repeat(129) },
    { kind: 'group', name: 'x', member_ids: Array(101).fill('0198c2f4-0000-7000-8000-000000000001') },
  ])('are not made from %j', async (body) => {
    expect(await anna!.call('post', '/chats', body)).toMatchObject({ status: 422, body: { code: 'invalid' } })
  })

  it('are renamed and deleted by whom it is given to', async () => {
    const chat = await group(anna!, [boris!, carla!])
    await role(anna!, chat.id, boris!.id, 'admin')
    const rename = (who: SignedInClient, name: string) => who.call<Chat>('patch', `/chats/${chat.id}`, { name })
    expect(await rename(carla!, 'К')).toMatchObject({ status: 403, body: { code: 'not-allowed', requires: ['owner', 'admin'] } })
    expect(await rename(boris!, 'Б')).toMatchObject({ status: 200, body: { id: chat.id, name: 'Б' } })
    const head = (await anna!.call<Chat>('get', `/chats/${chat.id}`)).body.head_seq
    expect((await rename(anna!, ' Б ')).body.head_seq).toBe(head)
    for (const name of ['', null, 5]) expect((await anna!.call('patch', `/chats/${chat.id}`, { name })).status).toBe(422)
    expect((await anna!.call('patch', `/chats/${chat.id}`, {})).status).toBe(422)
    expect(await boris!.call('delete', `/chats/${chat.id}`)).toMatchObject({ status: 403, body: { requires: ['owner'] } })
    const { body: sent } = await say(anna!, chat.id)
    expect((await anna!.call('delete', `/chats/${chat.id}`)).status).toBe(204)
    for (const path of ['', '/messages', '/members', '/events', `/messages/${sent.id}`])
      for (const who of [anna!, boris!]) expect((await who.call('get', `/chats/${chat.id}${path}`)).body.code).toBe('chat-not-found')
    expect((await anna!.call('delete', `/chats/${chat.id}`)).body.code).toBe('chat-not-found')
  })

  it('have one owner, who hands over', async () => {
    const chat = await group(anna!, [boris!, carla!])
    expect(await role(boris!, chat.id, carla!.id, 'admin')).toMatchObject({ status: 403, body: { requires: ['owner'] } })
    expect(await role(anna!, chat.id, boris!.id, 'admin')).toMatchObject({
      status: 200,
      body: { user: { id: boris!.id }, role: 'admin', joined_at: expect.any(String), read_seq: 1 },
    })
    const head = async () => (await anna!.call<Chat>('get', `/chats/${chat.id}`)).body.head_seq
    const before = await head()
    expect((await role(anna!, chat.id, boris!.id, 'admin')).status).toBe(200)
    expect(await head()).toBe(before)
    expect((await role(boris!, chat.id, carla!.id, 'admin')).status).toBe(403)
    for (const wrong of ['boss', '', null])
      expect((await anna!.call('patch', `/chats/${chat.id}/members/${boris!.id}`, { role: wrong })).status).toBe(422)
    expect((await role(anna!, chat.id, dasha!.id, 'admin')).body.code).toBe('user-not-found')
    expect((await role(anna!, chat.id, anna!.id, 'member')).body.code).toBe('last-owner')
    expect((await role(anna!, chat.id, anna!.id, 'owner')).status).toBe(200)
    expect(await head()).toBe(before)
    expect(await role(anna!, chat.id, carla!.id, 'owner')).toMatchObject({ status: 200, body: { role: 'owner' } })
    const { items } = (await anna!.call<Page<Member>>('get', `/chats/${chat.id}/members`)).body
    expect(Object.fromEntries(items.map((member) => [member.user.id, member.role]))).toEqual({
      [anna!.id]: 'admin',
      [boris!.id]: 'admin',
      [carla!.id]: 'owner',
    })
    const changes = (await eventsOf(anna!, chat.id))
      .slice(-2)
      .map((event) => event.type === 'member.role_changed' && `${event.user_id} ${event.role}`)
    expect(new Set(changes)).toEqual(new Set([`${anna!.id} admin`, `${carla!.id} owner`]))
  })

  it('take in many, once each', async () => {
    const chat = await group(anna!, [boris!])
    const add = (who: SignedInClient, ...ids: string[]) =>
      who.call<{ added: Member[] }>('post', `/chats/${chat.id}/members`, { user_ids: ids })
    await say(anna!, chat.id, 'до неё')
    const six = await Promise.all(Array.from({ length: 6 }, () => add(anna!, carla!.id)))
    expect(six.map(({ status }) => status)).toEqual(Array(6).fill(200))
    expect(six.flatMap(({ body }) => body.added)).toHaveLength(1)
    const [added] = (await eventsOf(anna!, chat.id)).filter(({ type }) => type === 'member.added')
    expect(added).toMatchObject({ actor_id: anna!.id, role: 'member', user: { id: carla!.id } })
    expect(six.flatMap(({ body }) => body.added)[0]).toMatchObject({ user: { id: carla!.id }, role: 'member', read_seq: added!.seq })
    expect((await carla!.call<Chat>('get', `/chats/${chat.id}`)).body).toMatchObject({ unread: 0, me: { read_seq: added!.seq } })
    expect((await carla!.call<Page<{ text: string }>>('get', `/chats/${chat.id}/messages`)).body.items[0]!.text).toBe('до неё')
    expect(await add(carla!, dasha!.id)).toMatchObject({ status: 403, body: { requires: ['owner', 'admin'] } })
    const nobody = '0198c2f4-0000-7000-8000-000000000001'
    expect(await add(anna!, dasha!.id, nobody)).toMatchObject({ status: 404, body: { user_ids: [nobody] } })
    expect((await dasha!.call('get', `/chats/${chat.id}`)).status).toBe(404)
    expect((await add(anna!, dasha!.id, dasha!.id, carla!.id, anna!.id)).body.added.map(({ user }) => user.id)).toEqual([dasha!.id])
    for (const wrong of [{ user_ids: [] }, { user_ids: ['x'] }, {}, { user_ids: dasha!.id }])
      expect((await anna!.call('post', `/chats/${chat.id}/members`, wrong)).status).toBe(422)
  })

  it('let go of several, all or nothing, with the rights that each needs', async () => {
    const [one, two] = await Promise.all([client.register('Один'), client.register('Два')])
    const chat = await group(anna!, [boris!, carla!, dasha!, one, two])
    await role(anna!, chat.id, boris!.id, 'admin')
    await role(anna!, chat.id, carla!.id, 'admin')
    const away = (who: SignedInClient, ...ids: string[]) =>
      who.call<{ removed: string[] }>('delete', `/chats/${chat.id}/members?${ids.map((id) => `user_id=${id}`).join('&')}`)
    const one1 = (who: SignedInClient, id: string) => who.call('delete', `/chats/${chat.id}/members/${id}`)
    expect((await one1(dasha!, one.id)).body.code).toBe('not-allowed')
    expect((await one1(boris!, carla!.id)).body.code).toBe('not-allowed')
    expect((await one1(boris!, anna!.id)).body.code).toBe('not-allowed')
    expect((await away(boris!, one.id, carla!.id)).status).toBe(403)
    expect(await away(boris!, one.id, '0198c2f4-0000-7000-8000-000000000001')).toMatchObject({
      status: 404,
      body: { code: 'user-not-found', user_ids: ['0198c2f4-0000-7000-8000-000000000001'] },
    })
    expect((await one.call('get', `/chats/${chat.id}`)).status).toBe(200)
    expect(await away(boris!, one.id, one.id, two.id)).toMatchObject({ status: 200, body: { removed: [one.id, two.id] } })
    expect((await anna!.call('delete', `/chats/${chat.id}/members`)).status).toBe(422)
    expect((await one.call('get', `/chats/${chat.id}`)).body.code).toBe('chat-not-found')
    expect((await one1(anna!, one.id)).body.code).toBe('user-not-found')
    expect((await one1(anna!, carla!.id)).status).toBe(204)
    expect((await one1(anna!, 'me')).body.code).toBe('last-owner')
    expect((await one1(dasha!, 'me')).status).toBe(204)
    expect((await one1(boris!, boris!.id)).status).toBe(204)
    expect(
      (await eventsOf(anna!, chat.id))
        .filter(({ type }) => /left|removed/.test(type))
        .map((event) => [event.type, event.actor_id, 'user_id' in event && event.user_id]),
    ).toEqual([
      ['member.removed', boris!.id, one.id],
      ['member.removed', boris!.id, two.id],
      ['member.removed', anna!.id, carla!.id],
      ['member.left', dasha!.id, dasha!.id],
      ['member.left', boris!.id, boris!.id],
    ])
    await anna!.call('post', `/chats/${chat.id}/members`, { user_ids: [boris!.id] })
    expect((await boris!.call<Chat>('get', `/chats/${chat.id}`)).body).toMatchObject({ me: { role: 'member' }, unread: 0 })
    await one1(boris!, 'me')
    expect((await one1(anna!, 'me')).status).toBe(204)
    expect((await anna!.call('get', `/chats/${chat.id}`)).body.code).toBe('chat-not-found')
  })

  it('list their members page by page', async () => {
    const many = await Promise.all(Array.from({ length: 5 }, (_, i) => client.register(`Член ${i}`)))
    const chat = await group(anna!, many)
    const path = `/chats/${chat.id}/members?limit=4&count=true`
    const { body: first } = await anna!.call<Page<Member>>('get', path)
    expect(first).toMatchObject({ total: 6, prev: null, next: expect.any(String) })
    const { body: second } = await anna!.call<Page<Member>>('get', `${path}&cursor=${first.next}`)
    expect(new Set([...first.items, ...second.items].map(({ user }) => user.id)).size).toBe(6)
    expect(second.next).toBeNull()
    expect(first.items[0]).toEqual({
      user: {
        id: expect.any(String),
        username: expect.any(String),
        name: expect.any(String),
        kind: 'person',
        avatar: null,
        avatar_url: null,
        last_seen_at: first.items[0]!.user.last_seen_at,
      },
      role: expect.any(String),
      joined_at: expect.any(String),
      read_seq: expect.any(Number),
      muted_until: null,
    })
  })
})

describe('one’s own chats', () => {
  it('are listed by their last message, filtered by name, partner and kind', async () => {
    const [me, friend] = await Promise.all([client.register('Я'), client.register('Фёдор Достоевский')])
    const chats = [
      await group(me, [], 'Первая'),
      await group(me, [], 'Вторая 100%'),
      (await me.call<Chat>('post', '/chats', { kind: 'private', user_id: friend.id })).body,
    ]
    const list = async (query = '') => (await me.call<Page<Chat>>('get', `/chats${query}`)).body
    const names = async (query = '') => (await list(query)).items.map(({ name, partner }) => name ?? partner!.name)
    expect(await names()).toEqual(['Фёдор Достоевский', 'Вторая 100%', 'Первая'])
    await say(me, chats[0]!.id)
    expect(await names()).toEqual(['Первая', 'Фёдор Достоевский', 'Вторая 100%'])
    expect(await names('?kind=group')).toEqual(['Первая', 'Вторая 100%'])
    expect(await names('?kind=private')).toEqual(['Фёдор Достоевский'])
    expect(await names(`?query=${encodeURIComponent('ДОСТО')}`)).toEqual(['Фёдор Достоевский'])
    expect(await names(`?query=${encodeURIComponent('0%')}`)).toEqual(['Вторая 100%'])
    expect(await names(`?query=${encodeURIComponent('т%я')}`)).toEqual([])
    expect(await names(`?query=${encodeURIComponent('ПЕРВ')}&kind=private`)).toEqual([])
    for (const wrong of ['?kind=team', '?query=x', '?order=asc', '?offset=1'])
      expect((await me.call('get', `/chats${wrong}`)).status).toBe(422)
    const first = await list('?limit=2&count=true')
    expect(first.total).toBe(3)
    expect((await list(`?limit=2&cursor=${first.next}`)).items.map(({ id }) => id)).toEqual([chats[1]!.id])
  })
})

describe('a stranger', () => {
  it('learns nothing, whatever is tried', async () => {
    const chat = await group(anna!, [boris!])
    const { body: sent } = await say(anna!, chat.id)
    const wrong = '0198c2f4-0000-7000-8000-000000000009'
    const tries = (id: string): [string, string, unknown?][] => [
      ['get', `/chats/${id}`],
      ['patch', `/chats/${id}`, { name: 'x' }],
      ['delete', `/chats/${id}`],
      ['get', `/chats/${id}/members`],
      ['post', `/chats/${id}/members`, { user_ids: [dasha!.id] }],
      ['post', `/chats/${id}/members`, { user_ids: [wrong] }],
      ['patch', `/chats/${id}/members/${anna!.id}`, { role: 'member' }],
      ['delete', `/chats/${id}/members/${anna!.id}`],
      ['delete', `/chats/${id}/members/me`],
      ['delete', `/chats/${id}/members?user_id=${anna!.id}`],
      ['get', `/chats/${id}/messages`],
      ['get', `/chats/${id}/messages?around=1`],
      ['post', `/chats/${id}/messages`, { client_message_id: 'k', text: 'x' }],
      ['post', `/chats/${id}/messages`, { client_message_id: 'k', text: 'x', reply_to: sent.id }],
      ['get', `/chats/${id}/messages/${sent.id}`],
      ['patch', `/chats/${id}/messages/${sent.id}`, { text: 'x' }],
      ['delete', `/chats/${id}/messages/${sent.id}`],
      ['post', `/chats/${id}/read`, { seq: 1 }],
      ['post', `/chats/${id}/read`, { message_id: sent.id }],
      ['put', `/chats/${id}/messages/${sent.id}/read`],
      ['get', `/chats/${id}/messages/${sent.id}/readers`],
      ['get', `/chats/${id}/events?after=0`],
    ]
    const answers = async (id: string) =>
      (await Promise.all(tries(id).map(([method, path, body]) => dasha!.call(method, path, body)))).map(({ body }) => ({
        ...body,
        request_id: '',
      }))
    const real = await answers(chat.id)
    expect(real).toEqual(await answers(wrong))
    expect(real.map(({ status, code }) => [status, code])).toEqual(real.map(() => [404, 'chat-not-found']))
    expect(
      (await dasha!.call<Page<unknown>>('get', `/messages?query=${encodeURIComponent('слово')}&chat_id=${chat.id}`)).body.items,
    ).toEqual([])
  })
})
