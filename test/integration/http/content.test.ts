import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Chat } from '../../../src/adapters/wire/schemas/chats.ts'
import type { PageOf } from '../../../src/adapters/wire/schemas/common.ts'
import type { EventPage } from '../../../src/adapters/wire/schemas/events.ts'
import type { Message, Reading } from '../../../src/adapters/wire/schemas/messages.ts'
import type { Service } from '../../../src/adapters/wire/schemas/service.ts'
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
  ;[ann, bob, eve] = [await server.register('Ann'), await server.register('Bob'), await server.register('Eve')]
})
afterAll(() => server.close())

const groupOf = async (...others: SignedInClient[]) =>
  (await ann.call<Chat>('post', '/chats', { kind: 'group', name: 'Friends', member_ids: others.map(({ id }) => id) })).body
const post = (who: SignedInClient, chat: Chat, message: object) => who.call<Message>('post', `/chats/${chat.id}/messages`, message)
const patch = (who: SignedInClient, { chat_id, id }: Message, change: object) =>
  who.call<Message>('patch', `/chats/${chat_id}/messages/${id}`, change)
const get = async (who: SignedInClient, { chat_id, id }: Message) =>
  (await who.call<Message>('get', `/chats/${chat_id}/messages/${id}`)).body
const read = async (who: SignedInClient, chat: Chat) => (await who.call<Chat>('get', `/chats/${chat.id}`)).body
const events = async (who: SignedInClient, chat: Chat) => (await who.call<EventPage>('get', `/chats/${chat.id}/events`)).body.items
const user = (of: SignedInClient, start: number, length = 1) => ({ kind: 'user', user_id: of.id, start, length })
const all = (start: number) => ({ kind: 'all', start, length: 1 })
const unknownFile = '01900000-0000-7000-8000-000000000000'

const bare = {
  format: 'text',
  mentions: [],
  attachments: [],
  kind: null,
  data: null,
  forwarded_from: null,
  reactions: [],
  my_reactions: [],
}

describe('the content of a message', () => {
  it('is plain when left out', async () => {
    const chat = await groupOf(bob)
    const { body } = await post(ann, chat, { client_message_id: 'k', text: 'hello' })
    expect(body).toMatchObject({ ...bare, reactions_seq: body.seq })
    expect(await get(bob, body)).toMatchObject(bare)
    const [, sent] = await events(bob, chat)
    expect(sent).toMatchObject({ type: 'message.sent', message: { ...bare, my_reactions: null } })
  })

  it('is kept as it was sent, in code points of the trimmed text', async () => {
    const chat = await groupOf(bob)
    const content = {
      format: 'markdown',
      mentions: [user(bob, 2, 4), { ...all(6), length: 1 }],
      kind: 'tea.time-1',
      data: { b: [1, null], a: { '': 'é' } },
    }
    const { status, body } = await post(ann, chat, { client_message_id: 'k', text: '  🦊 @bob!  ', ...content })
    expect(status).toBe(201)
    expect(body).toMatchObject({ text: '🦊 @bob!', ...content })
    expect(await get(bob, body)).toMatchObject({ text: '🦊 @bob!', ...content })
  })

  it('keeps a member of data that is called __proto__', async () => {
    const chat = await groupOf()
    const data = JSON.parse('{"__proto__":{"a":1}}') as object
    const { body } = await post(ann, chat, { client_message_id: 'k', text: 'x', data })
    expect(JSON.stringify(body.data)).toBe('{"__proto__":{"a":1}}')
    expect((await post(ann, chat, { client_message_id: 'k', text: 'x' })).body).toMatchObject({ code: 'key-reused' })
  })

  it.each<[string, object, string]>([
    ['a range that leaves the text', { mentions: [{ kind: 'all', start: 3, length: 3 }] }, '/mentions/0'],
    ['an empty range', { mentions: [{ kind: 'all', start: 0, length: 0 }] }, '/mentions/0/length'],
    ['ranges that overlap', { mentions: [{ ...all(0), length: 2 }, all(1)] }, '/mentions/1'],
    ['ranges in disorder', { mentions: [all(2), all(0)] }, '/mentions/1'],
    ['too many mentions', { mentions: Array.from({ length: 51 }, () => all(0)) }, '/mentions'],
    ['an unknown kind of mention', { mentions: [{ kind: 'role', start: 0, length: 1 }] }, '/mentions/0/kind'],
    ['a mention of no UUID', { mentions: [{ kind: 'user', user_id: 'x', start: 0, length: 1 }] }, '/mentions/0/user_id'],
    ['an unknown format', { format: 'html' }, '/format'],
    ['a kind with blanks', { kind: 'a b' }, '/kind'],
    ['an empty kind', { kind: '' }, '/kind'],
    ['a long kind', { kind: 'a'.repeat(65) }, '/kind'],
    ['data that is a list', { data: [1] }, '/data'],
    ['data that is null', { data: null }, '/data'],
    ['much data', { data: { a: 'x'.repeat(4_089) } }, '/data'],
    ['deep data', { data: JSON.parse('{"a":'.repeat(9) + '1' + '}'.repeat(9)) as object }, '/data'],
    ['too many attachments', { attachments: Array.from({ length: 11 }, () => ({ file_id: unknownFile })) }, '/attachments'],
    ['one file twice', { attachments: [{ file_id: unknownFile }, { file_id: unknownFile }] }, '/attachments/1/file_id'],
    ['a loud waveform', { attachments: [{ file_id: unknownFile, waveform: [101] }] }, '/attachments/0/waveform/0'],
    ['an unknown member', { colour: 'red' }, '/colour'],
  ])('refuses %s', async (_, content, pointer) => {
    const chat = await groupOf()
    const { status, body } = await post(ann, chat, { client_message_id: 'k', text: 'hello', ...content })
    expect([status, body]).toMatchObject([422, { code: 'invalid', errors: [{ pointer }] }])
  })

  it('may be as large as the limits', async () => {
    const chat = await groupOf()
    const data = { a: 'x'.repeat(4_088) }
    const mentions = Array.from({ length: 50 }, (_, i) => all(i))
    const deep = JSON.parse('{"a":'.repeat(8) + '1' + '}'.repeat(8)) as object
    expect((await post(ann, chat, { client_message_id: 'a', text: 'x'.repeat(50), data, mentions, kind: 'a'.repeat(64) })).status).toBe(201)
    expect((await post(ann, chat, { client_message_id: 'b', text: 'x', data: deep })).status).toBe(201)
    const { limits } = (await server.call<Service>('get', '/')).body
    expect(limits).toMatchObject({ attachments: 10, mentions: 50, data_bytes: 4_096 })
  })

  it('has a text or attachments, which are of files that there are', async () => {
    const chat = await groupOf()
    for (const message of [{}, { text: ' ' }, { attachments: [] }, { data: { a: 1 } }])
      expect((await post(ann, chat, { client_message_id: 'k', ...message })).body).toMatchObject({ status: 422, code: 'text-empty' })
    const attached = { client_message_id: 'k', attachments: [{ file_id: unknownFile, alt: 'a kettle' }] }
    expect((await post(ann, chat, attached)).body).toMatchObject({ status: 404, code: 'file-not-found', file_ids: [unknownFile] })
  })

  it('is compared when a message is sent again', async () => {
    const chat = await groupOf(bob)
    const message = {
      client_message_id: 'k',
      text: 'hello',
      format: 'markdown',
      mentions: [user(bob, 0)],
      kind: 'tea',
      data: { a: 1, b: { d: 1, c: 2 } },
    }
    const { body } = await post(ann, chat, message)
    await patch(ann, body, { text: 'changed' })
    const again = await post(ann, chat, { ...message, data: { b: { c: 2, d: 1 }, a: 1 } })
    expect([again.status, again.headers.get('idempotency-replayed'), again.body.id, again.body.text]).toEqual([
      200,
      'true',
      body.id,
      'changed',
    ])
    const others = [
      { format: 'text' },
      { mentions: [user(bob, 1)] },
      { mentions: [all(0)] },
      { kind: 'coffee' },
      { data: { a: 1 } },
      { attachments: [{ file_id: unknownFile }] },
    ]
    for (const other of others)
      expect((await post(ann, chat, { ...message, ...other })).body).toMatchObject({ status: 409, code: 'key-reused', message_id: body.id })
    const plain = (await post(ann, chat, { client_message_id: 'p', text: 'hello' })).body
    const explicit = await post(ann, chat, { client_message_id: 'p', text: 'hello', format: 'text', mentions: [], attachments: [] })
    expect([explicit.status, explicit.body.id]).toEqual([200, plain.id])
  })

  it('may come by person, too', async () => {
    const path = `/users/${bob.id}/messages`
    const message = { client_message_id: 'k', text: 'hello', format: 'markdown', mentions: [all(0)], data: { a: 1 } }
    const first = await ann.call<Message>('post', path, message)
    expect([first.status, first.body]).toMatchObject([201, { format: 'markdown', mentions: [all(0)], data: { a: 1 } }])
    const reply = await ann.call<Message>('post', path, { client_message_id: 'r', text: 'yes', reply_to: first.body.id })
    expect([reply.status, reply.body.reply_to]).toEqual([201, first.body.id])
    expect((await ann.call('post', path, message)).status).toBe(200)
  })
})

describe('editing', () => {
  const original = { client_message_id: 'k', text: 'hello', format: 'markdown', kind: 'tea', data: { a: 1 } }

  it('changes what is given; mentions go with a new text', async () => {
    const chat = await groupOf(bob, eve)
    const { body } = await post(ann, chat, { ...original, mentions: [user(bob, 0)] })
    const change = async (members: object) => (await patch(ann, body, members)).body
    expect(await change({ data: { a: 2 } })).toMatchObject({
      ...original,
      client_message_id: 'k',
      data: { a: 2 },
      mentions: [user(bob, 0)],
      version: 2,
    })
    expect(await change({ mentions: [user(eve, 1)] })).toMatchObject({ text: 'hello', mentions: [user(eve, 1)], version: 3 })
    expect(await change({ text: 'hello' })).toMatchObject({ mentions: [user(eve, 1)], version: 3 })
    expect(await change({ text: 'bye' })).toMatchObject({
      text: 'bye',
      mentions: [],
      format: 'markdown',
      data: { a: 2 },
      kind: 'tea',
      version: 4,
    })
    expect(await change({ text: 'bye all', mentions: [all(4)] })).toMatchObject({ mentions: [all(4)], version: 5 })
    expect(await change({ format: 'text' })).toMatchObject({ format: 'text', mentions: [all(4)], version: 6 })
    // The same again changes nothing, whatever version it names.
    expect(await change({ format: 'text', data: { a: 2 }, version: 1 })).toMatchObject({ version: 6 })
    const told = (await events(bob, chat)).filter(({ type }) => type === 'message.edited')
    expect(told).toHaveLength(5)
    for (const event of told)
      expect(event).toMatchObject({ text: 'bye all', format: 'text', mentions: [all(4)], attachments: [], data: { a: 2 }, version: 6 })
  })

  it('refuses what would not be a message', async () => {
    const chat = await groupOf(bob)
    const { body } = await post(ann, chat, original)
    const refusal = async (members: object) => (await patch(ann, body, members)).body
    expect(await refusal({})).toMatchObject({ code: 'invalid' })
    expect(await refusal({ version: 1 })).toMatchObject({ code: 'invalid' })
    expect(await refusal({ text: ' ' })).toMatchObject({ code: 'text-empty' })
    expect(await refusal({ text: 'x', kind: 'coffee' })).toMatchObject({ code: 'invalid', errors: [{ pointer: '/kind' }] })
    expect(await refusal({ mentions: [{ ...all(0), length: 6 }] })).toMatchObject({ code: 'invalid', errors: [{ pointer: '/mentions/0' }] })
    expect(await refusal({ attachments: [{ file_id: unknownFile }] })).toMatchObject({ code: 'file-not-found' })
    expect(await refusal({ data: { a: 2 }, version: 7 })).toMatchObject({ code: 'version-conflict', version: 1 })
    expect((await patch(bob, body, { data: { a: 2 } })).body).toMatchObject({ code: 'not-allowed', requires: ['author'] })
  })

  it('of a deleted message is refused, and all but its kind is gone', async () => {
    const chat = await groupOf(bob)
    const { body } = await post(ann, chat, { ...original, mentions: [user(bob, 0)] })
    await ann.call('delete', `/chats/${chat.id}/messages/${body.id}`)
    const gone = { text: null, format: null, mentions: [], attachments: [], data: null, forwarded_from: null, reactions: [], kind: 'tea' }
    expect(await get(bob, body)).toMatchObject({ ...gone, my_reactions: [], reactions_seq: expect.any(Number) })
    expect((await patch(ann, body, { data: { a: 2 } })).body).toMatchObject({ code: 'message-deleted' })
    expect((await events(bob, chat))[1]).toMatchObject({ message: { ...gone, my_reactions: null } })
  })
})

describe('mentions', () => {
  it('are counted and listed for whom they concern', async () => {
    const chat = await groupOf(bob)
    const named = (await post(ann, chat, { client_message_id: '1', text: 'abc', mentions: [user(bob, 0), user(eve, 1)] })).body
    const to = (await post(ann, chat, { client_message_id: '2', text: 'abc', mentions: [all(0)] })).body
    await post(bob, chat, { client_message_id: '3', text: 'abc', mentions: [user(bob, 0)] })
    expect(await read(bob, chat)).toMatchObject({ unread: 2, unread_mentions: 2 })
    expect(await read(ann, chat)).toMatchObject({ unread: 1, unread_mentions: 0 })
    expect((await bob.call<Reading>('post', `/chats/${chat.id}/read`, { message_id: named.id })).body).toEqual({
      chat_id: chat.id,
      read_seq: named.seq,
      unread: 1,
      unread_mentions: 1,
    })
    const listed = async (who: SignedInClient, query = '') => (await who.call<PageOf<Message>>('get', `/mentions${query}`)).body
    expect((await listed(bob)).items.map(({ id }) => id)).toEqual([to.id, named.id])
    expect((await listed(bob, '?unread=true&count=true')).items.map(({ id }) => id)).toEqual([to.id])
    const first = await listed(bob, '?limit=1&count=true')
    expect([first.items[0]!.id, first.total]).toEqual([to.id, 2])
    expect((await listed(bob, `?limit=1&cursor=${first.next}`)).items[0]!.id).toBe(named.id)
    expect((await listed(eve)).items).toEqual([])
    expect((await bob.call('get', '/mentions?unread=perhaps')).status).toBe(422)
    await ann.call('delete', `/chats/${chat.id}/messages/${to.id}`)
    expect(await read(bob, chat)).toMatchObject({ unread: 0, unread_mentions: 0 })
  })

  it('of all are for owner and admins in chats of more than 20', async () => {
    const others = await Promise.all(Array.from({ length: 19 }, (_, i) => server.register(`Member ${i}`)))
    const chat = await groupOf(bob, ...others)
    const message = { client_message_id: 'k', text: 'abc', mentions: [all(0)] }
    expect((await post(bob, chat, message)).body).toMatchObject({ status: 403, code: 'not-allowed', requires: ['owner', 'admin'] })
    const plain = (await post(bob, chat, { client_message_id: 'p', text: 'abc' })).body
    expect((await patch(bob, plain, { mentions: [all(0)] })).body).toMatchObject({ status: 403, code: 'not-allowed' })
    expect((await post(ann, chat, message)).status).toBe(201)
    await ann.call('delete', `/chats/${chat.id}/members/${others[0]!.id}`)
    const { body } = await post(bob, chat, message)
    expect(body).toMatchObject({ mentions: [all(0)] })
    await ann.call('post', `/chats/${chat.id}/members`, { user_ids: [others[0]!.id] })
    // It was there before; and a replay is answered whatever the right is now.
    expect((await patch(bob, body, { text: 'new', mentions: [all(1)] })).status).toBe(200)
    expect((await post(bob, chat, message)).status).toBe(200)
  })
})

describe('forwarding', () => {
  const source = { client_message_id: 's', text: 'a kettle', format: 'markdown', data: { a: 1 }, kind: 'tea' }

  it('copies a message that one can read, under the name of its first author', async () => {
    const [chat, other] = [
      await groupOf(bob),
      (await bob.call<Chat>('post', '/chats', { kind: 'group', name: 'Other', member_ids: [eve.id] })).body,
    ]
    const said = (await post(ann, chat, { ...source, mentions: [user(bob, 0)] })).body
    const forward = { client_message_id: 'f', forward: { chat_id: chat.id, message_id: said.id } }
    const { status, body } = await post(bob, other, forward)
    const from = { sender: { id: ann.id, username: expect.any(String), name: 'Ann' }, created_at: said.created_at }
    const copy = { text: 'a kettle', format: 'markdown', mentions: [], data: null, kind: null, forwarded_from: from }
    expect([status, body]).toMatchObject([201, { ...copy, sender: { id: bob.id } }])
    expect(await get(eve, body)).toMatchObject(copy)
    expect((await read(eve, other)).last_message).toMatchObject(copy)
    const again = await post(eve, other, { client_message_id: 'g', forward: { chat_id: other.id, message_id: body.id }, reply_to: body.id })
    expect(again.body).toMatchObject({ ...copy, reply_to: body.id })
    expect((await patch(bob, body, { text: 'mine' })).body).toMatchObject({ status: 403, code: 'not-allowed', requires: [] })
    expect((await patch(eve, body, { text: 'mine' })).body).toMatchObject({ status: 403, requires: ['author'] })
    await patch(ann, said, { text: 'changed' })
    expect((await post(bob, other, forward)).body).toMatchObject({ id: body.id, text: 'a kettle' })
    await ann.call('delete', `/chats/${chat.id}/messages/${said.id}`)
    expect((await post(bob, other, forward)).status).toBe(200)
    expect((await post(bob, other, { ...forward, client_message_id: 'late' })).body).toMatchObject({ status: 409, code: 'message-deleted' })
    await ann.call('delete', `/chats/${chat.id}/members/${bob.id}`)
    expect((await post(bob, other, forward)).status).toBe(200)
    expect((await post(bob, other, { ...forward, client_message_id: 'late' })).body).toMatchObject({ status: 404, code: 'chat-not-found' })
    expect((await post(bob, other, { client_message_id: 'f', text: 'a kettle' })).body).toMatchObject({ code: 'key-reused' })
    await bob.call('delete', `/chats/${other.id}/messages/${body.id}`)
    expect((await patch(bob, body, { text: 'mine' })).body).toMatchObject({ status: 409, code: 'message-deleted' })
  })

  it('refuses what one cannot read, and makes no chat for it', async () => {
    const chat = await groupOf(bob)
    const said = (await post(ann, chat, source)).body
    const forward = (message_id: string) => ({ client_message_id: 'f', forward: { chat_id: chat.id, message_id } })
    expect((await eve.call('post', `/users/${bob.id}/messages`, forward(said.id))).body).toMatchObject({ code: 'chat-not-found' })
    expect((await bob.call('post', `/users/${eve.id}/messages`, forward(unknownFile))).body).toMatchObject({ code: 'message-not-found' })
    expect((await eve.call<PageOf<Chat>>('get', '/chats')).body.items).toEqual([])
    expect((await post(bob, chat, { ...forward(said.id), text: 'x' })).body).toMatchObject({
      code: 'invalid',
      errors: [{ pointer: '/forward' }],
    })
    expect((await bob.call<Message>('post', `/users/${eve.id}/messages`, forward(said.id))).body).toMatchObject({
      text: 'a kettle',
      forwarded_from: { sender: { id: ann.id } },
    })
  })

  it('stays when the first author is erased, without the name', async () => {
    const chat = await groupOf(bob)
    const said = (await post(ann, chat, source)).body
    const forward = { client_message_id: 'f', forward: { chat_id: chat.id, message_id: said.id } }
    const { body } = await bob.call<Message>('post', `/users/${eve.id}/messages`, forward)
    await ann.call('post', '/users/me/delete', { password: ann.password })
    expect(await get(eve, body)).toMatchObject({ text: 'a kettle', forwarded_from: { sender: { id: ann.id, username: null, name: null } } })
    expect((await bob.call('post', `/users/${eve.id}/messages`, forward)).status).toBe(200)
  })
})

describe('the data of a chat', () => {
  it('comes with the chat and is changed by owner and admins', async () => {
    const group = { kind: 'group', name: 'Tea', member_ids: [bob.id], client_chat_id: 'c', data: { a: 1 } }
    const { status, body: chat } = await ann.call<Chat>('post', '/chats', group)
    expect([status, chat]).toMatchObject([201, { data: { a: 1 }, head_seq: 2 }])
    expect(await ann.call('post', '/chats', { ...group, data: { a: 2 } })).toMatchObject({
      status: 200,
      body: { data: { a: 1 }, head_seq: 2 },
    })
    const change = (who: SignedInClient, members: object) => who.call<Chat>('patch', `/chats/${chat.id}`, members)
    expect((await change(bob, { data: {} })).body).toMatchObject({ status: 403, requires: ['owner', 'admin'] })
    expect((await change(ann, {})).body).toMatchObject({ code: 'invalid' })
    expect((await change(ann, { data: { b: 1, c: 2 } })).body).toMatchObject({ data: { b: 1, c: 2 }, head_seq: 3, name: 'Tea' })
    expect((await change(ann, { data: { c: 2, b: 1 }, name: 'Tea' })).body).toMatchObject({ head_seq: 3 })
    expect((await change(ann, { data: { d: 1 }, name: 'Coffee' })).body).toMatchObject({ head_seq: 5, name: 'Coffee', data: { d: 1 } })
    expect(await events(bob, chat)).toMatchObject([
      { type: 'chat.created', seq: 1 },
      { type: 'chat.data_changed', seq: 2, data: { d: 1 } },
      { type: 'chat.data_changed', seq: 3, data: { d: 1 } },
      { type: 'chat.renamed', seq: 4, name: 'Coffee' },
      { type: 'chat.data_changed', seq: 5, data: { d: 1 }, actor_id: ann.id },
    ])
  })

  it('of a private chat is changed by both, and its name by nobody', async () => {
    const { body: chat } = await ann.call<Chat>('post', '/chats', { kind: 'private', user_id: bob.id, data: { a: 1 } })
    expect(chat).toMatchObject({ data: { a: 1 }, head_seq: 2 })
    expect((await bob.call<Chat>('post', '/chats', { kind: 'private', user_id: ann.id, data: { a: 2 } })).body).toMatchObject({
      data: { a: 1 },
    })
    expect((await bob.call<Chat>('patch', `/chats/${chat.id}`, { data: { b: 1 } })).body).toMatchObject({ data: { b: 1 } })
    expect((await bob.call('patch', `/chats/${chat.id}`, { data: { b: 2 }, name: 'x' })).body).toMatchObject({ code: 'not-a-group' })
    expect((await eve.call('patch', `/chats/${chat.id}`, { data: {} })).body).toMatchObject({ code: 'chat-not-found' })
  })
})
