import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Chat } from '../../../src/adapters/wire/schemas/chats.ts'
import type { PageOf } from '../../../src/adapters/wire/schemas/common.ts'
import type { EventPage } from '../../../src/adapters/wire/schemas/events.ts'
import type { Message } from '../../../src/adapters/wire/schemas/messages.ts'
import type { PinList, Reacted, Reactor } from '../../../src/adapters/wire/schemas/reactions.ts'
import type { SignedInClient } from '../../support/http-client.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'

let server: HttpServed
let ann: SignedInClient
let bob: SignedInClient
let eve: SignedInClient
let chat: string
let message: Message
beforeAll(async () => {
  server = await serveHttp()
})
beforeEach(async () => {
  ;[ann, bob, eve] = [await server.register('Ann'), await server.register('Bob'), await server.register('Eve')]
  const members = [bob.id, eve.id]
  chat = (await ann.call<Chat>('post', '/chats', { kind: 'group', name: 'Friends', member_ids: members })).body.id
  message = (await ann.call<Message>('post', `/chats/${chat}/messages`, { client_message_id: 'k', text: 'hello' })).body
})
afterAll(() => server.close())

const at = (emoji: string, of = message.id) => `/chats/${chat}/messages/${of}/reactions/${encodeURIComponent(emoji)}`
const react = (who: SignedInClient, emoji: string) => who.call<Reacted>('put', at(emoji))
const events = async (who = ann) => (await who.call<EventPage>('get', `/chats/${chat}/events?after=${message.seq}`)).body.items

describe('a reaction', () => {
  it('is put, and answered with all of the message and your own', async () => {
    const first = await react(bob, '👍')
    expect([first.status, first.body]).toEqual([
      200,
      { reactions: [{ emoji: '👍', count: 1, user_ids: [bob.id] }], reactions_seq: message.seq + 1, my_reactions: ['👍'] },
    ])
    expect((await react(bob, '👍')).body).toEqual(first.body)
    expect((await react(eve, '❤️')).body).toMatchObject({ reactions_seq: message.seq + 2, my_reactions: ['❤️'] })
    expect((await react(eve, '❤')).body.my_reactions).toEqual(['❤️'])
    const { body } = await bob.call<Message>('get', `/chats/${chat}/messages/${message.id}`)
    expect(body).toMatchObject({ reactions: [{ emoji: '👍' }, { emoji: '❤️' }], reactions_seq: message.seq + 2, my_reactions: ['👍'] })
    expect((await ann.call<Message>('get', `/chats/${chat}/messages/${message.id}`)).body.my_reactions).toEqual([])
    expect(await events()).toEqual([
      {
        chat_id: chat,
        seq: message.seq + 1,
        at: expect.any(String),
        actor_id: bob.id,
        type: 'message.reacted',
        message_id: message.id,
        message_seq: message.seq,
        changes: [{ emoji: '👍', on: true, user_ids: [bob.id] }],
        reactions: body.reactions,
        reactions_seq: message.seq + 2,
      },
      expect.objectContaining({ seq: message.seq + 2, actor_id: eve.id, changes: [{ emoji: '❤️', on: true, user_ids: [eve.id] }] }),
    ])
  })

  it('is removed with 204, again too, and by the owner that of everybody', async () => {
    for (const who of [bob, eve]) await react(who, '👍')
    for (let i = 0; i < 2; i++) expect((await bob.call('delete', at('👍'))).status).toBe(204)
    expect(await events()).toHaveLength(3)
    expect((await bob.call('delete', `${at('👍')}?everyone=true`)).body).toMatchObject({
      code: 'not-allowed',
      requires: ['owner', 'admin'],
    })
    expect((await ann.call('delete', `${at('👍')}?everyone=false`)).status).toBe(204)
    expect(await events()).toHaveLength(3)
    expect((await ann.call('delete', `${at('👍')}?everyone=true`)).status).toBe(204)
    expect((await events()).at(-1)).toMatchObject({
      actor_id: ann.id,
      changes: [{ emoji: '👍', on: false, user_ids: [eve.id] }],
      reactions: [],
    })
    expect((await ann.call('delete', `${at('👍')}?everyone=1`)).body.code).toBe('invalid')
  })

  it('is one emoji', async () => {
    for (const emoji of ['1', '#', 'a', '👍👍', '%', ' ', ':)'])
      for (const method of ['put', 'delete']) {
        const { status, body } = await bob.call(method, at(emoji))
        expect([emoji, status, body.code]).toEqual([emoji, 422, 'not-an-emoji'])
      }
    expect((await bob.call('put', `/chats/${chat}/messages/${message.id}/reactions/%ff`)).body.code).toBe('not-an-emoji')
    expect((await bob.call('get', `/chats/${chat}/messages/${message.id}/reactions?emoji=1`)).body.code).toBe('not-an-emoji')
    expect((await react(bob, '1️⃣')).status).toBe(200)
  })

  it('has limits, and is of a message that is there', async () => {
    const five = ['🍎', '🍏', '🍐', '🍊', '🍋']
    for (const emoji of five) await react(bob, emoji)
    expect(await react(bob, '🍌')).toMatchObject({ status: 409, body: { code: 'reactions-full', limit: 5 } })
    expect((await react(bob, five[0]!)).status).toBe(200)
    expect(await bob.call('put', at('👍', bob.id))).toMatchObject({ status: 404, body: { code: 'message-not-found' } })
    const stranger = await server.register('Mallory')
    expect(await stranger.call('put', at('👍'))).toMatchObject({ status: 404, body: { code: 'chat-not-found' } })
    await ann.call('delete', `/chats/${chat}/messages/${message.id}`)
    for (const method of ['put', 'delete'])
      expect(await bob.call(method, at('👍'))).toMatchObject({ status: 409, body: { code: 'message-deleted' } })
    const { body } = await bob.call<Message>('get', `/chats/${chat}/messages/${message.id}`)
    expect(body).toMatchObject({ reactions: [], my_reactions: [] })
    expect((await events())[0]).toMatchObject({ reactions: [], reactions_seq: message.seq })
  })

  it('lists who has reacted', async () => {
    await react(bob, '👍')
    await react(eve, '❤️')
    await react(eve, '👍')
    const list = (query = '') => ann.call<PageOf<Reactor>>('get', `/chats/${chat}/messages/${message.id}/reactions${query}`)
    const { body } = await list()
    expect(body.items.map(({ user, emoji }) => [user.name, emoji])).toEqual([
      ['Bob', '👍'],
      ['Eve', '❤️'],
      ['Eve', '👍'],
    ])
    expect(body.items[0]).toEqual({
      user: expect.objectContaining({ id: bob.id, username: expect.any(String) }),
      emoji: '👍',
      reacted_at: expect.any(String),
    })
    const first = await list(`?limit=1&count=true&emoji=${encodeURIComponent('👍')}`)
    expect(first.body).toMatchObject({ total: 2, items: [{ user: { id: bob.id } }] })
    const second = await list(`?limit=1&emoji=${encodeURIComponent('👍')}&cursor=${first.body.next}`)
    expect(second.body).toMatchObject({ next: null, items: [{ user: { id: eve.id } }] })
    expect((await list(`?cursor=${first.body.next}`)).status).toBe(422)
  })

  it('is no message: nothing becomes unread, and the list of chats stays in its order', async () => {
    const other = (await ann.call<Chat>('post', '/chats', { kind: 'group', name: 'Later', member_ids: [] })).body.id
    await ann.call('post', `/chats/${other}/messages`, { client_message_id: 'l', text: 'later' })
    await ann.call('post', `/chats/${chat}/read`, { seq: message.seq })
    await react(bob, '👍')
    const { body } = await ann.call<PageOf<Chat>>('get', '/chats')
    expect(body.items.map(({ id, unread }) => [id, unread])).toEqual([
      [other, 0],
      [chat, 0],
    ])
    expect(body.items[1]!.last_message).toMatchObject({ id: message.id, reactions_seq: message.seq + 1 })
  })

  it('says its limits with the service', async () => {
    const { body } = await server.call<{ limits: object }>('get', '/')
    expect(body.limits).toMatchObject({ reactions: 20, reactions_per_person: 5, pins: 50 })
  })
})

describe('a pin', () => {
  const pin = (who: SignedInClient, method: 'put' | 'delete' = 'put', of = message.id) =>
    who.call(method, `/chats/${chat}/messages/${of}/pin`)
  const pins = async () => (await bob.call<PinList>('get', `/chats/${chat}/pins`)).body

  it('is put by the owner, and listed with who pinned it', async () => {
    expect(await pin(bob)).toMatchObject({ status: 403, body: { code: 'not-allowed', requires: ['owner', 'admin'] } })
    for (let i = 0; i < 2; i++) expect((await pin(ann)).status).toBe(204)
    const { items, head } = await pins()
    expect(head).toBe(message.seq + 1)
    expect(items).toEqual([
      {
        message: { ...message, client_message_id: null },
        pinned_at: expect.any(String),
        pinned_by: expect.objectContaining({ id: ann.id, username: ann.session.user.username, name: 'Ann', last_seen_at: null }),
      },
    ])
    for (let i = 0; i < 2; i++) expect((await pin(ann, 'delete')).status).toBe(204)
    expect(await pins()).toEqual({ items: [], head: message.seq + 2 })
    const common = { message_id: message.id, message_seq: message.seq, actor_id: ann.id, chat_id: chat, at: expect.any(String) }
    expect(await events()).toEqual([
      { ...common, type: 'message.pinned', seq: message.seq + 1 },
      { ...common, type: 'message.unpinned', seq: message.seq + 2 },
    ])
  })

  it('is for both in a private chat, and ends with its message', async () => {
    chat = (await ann.call<Chat>('post', '/chats', { kind: 'private', user_id: bob.id })).body.id
    const { body } = await ann.call<Message>('post', `/chats/${chat}/messages`, { client_message_id: 'p', text: 'private' })
    expect((await pin(bob, 'put', body.id)).status).toBe(204)
    expect((await pins()).items).toHaveLength(1)
    await ann.call('delete', `/chats/${chat}/messages/${body.id}`)
    expect((await pins()).items).toEqual([])
    for (const method of ['put', 'delete'] as const) expect((await pin(bob, method, body.id)).body.code).toBe('message-deleted')
    expect((await pin(bob, 'put', bob.id)).body.code).toBe('message-not-found')
  })

  it('is refused where fifty are pinned', async () => {
    const sent: string[] = []
    for (let i = 0; i < 51; i++)
      sent.push((await ann.call<Message>('post', `/chats/${chat}/messages`, { client_message_id: `${i}`, text: `${i}` })).body.id)
    for (const id of sent.slice(0, 50)) expect((await pin(ann, 'put', id)).status).toBe(204)
    expect(await pin(ann, 'put', sent[50])).toMatchObject({ status: 409, body: { code: 'pins-full', limit: 50 } })
    expect((await pins()).items).toHaveLength(50)
  })
})
