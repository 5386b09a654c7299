import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Chat } from '../../src/adapters/wire/schemas/chats.ts'
import type { Event } from '../../src/adapters/wire/schemas/events.ts'
import type { Message, MessageReader, Reading } from '../../src/adapters/wire/schemas/messages.ts'
import { type HttpClient, httpClient, type SignedInClient } from '../support/http-client.ts'
import { type Service, startService } from '../support/service.ts'
import { connect } from '../support/socket-client.ts'

let service: Service
let client: HttpClient
let [anna, boris, carla]: SignedInClient[] = []

beforeAll(async () => {
  service = await startService()
  client = httpClient(service.url)
  ;[anna, boris, carla] = await Promise.all(['Анна', 'Борис', 'Карла'].map((name) => client.register(name)))
})
afterAll(() => service.stop())

type Page<T> = { items: T[]; next: string | null; prev: string | null; total?: number; head?: number }
const group = async (owner: SignedInClient, ...members: SignedInClient[]) =>
  (await owner.call<Chat>('post', '/chats', { kind: 'group', name: 'Группа', member_ids: members.map(({ id }) => id) })).body.id
const send = (who: SignedInClient, chatId: string, text: string, more: object = {}) =>
  who.call<Message>('post', `/chats/${chatId}/messages`, { client_message_id: randomUUID(), text, ...more })
const get = async <T>(who: SignedInClient, path: string) => {
  const { status, body } = await who.call<T>('get', path)
  expect([path, status]).toEqual([path, 200])
  return body
}
const events = (who: SignedInClient, chatId: string, query = '') => get<Page<Event>>(who, `/chats/${chatId}/events${query}`)
const chatOf = (who: SignedInClient, chatId: string) => get<Chat>(who, `/chats/${chatId}`)

describe('sending', () => {
  it('answers with the stored message, every member of it', async () => {
    const chatId = await group(anna!, boris!)
    const { status, body: first, headers } = await send(anna!, chatId, '  Привет, мир! \n', { client_message_id: 'ключ' })
    expect(status).toBe(201)
    expect(headers.get('idempotency-replayed')).toBeNull()
    expect(first).toEqual({
      id: expect.any(String),
      chat_id: chatId,
      seq: 2,
      sender: { id: anna!.id, username: expect.any(String), name: 'Анна' },
      client_message_id: 'ключ',
      text: 'Привет, мир!',
      format: 'text',
      mentions: [],
      attachments: [],
      kind: null,
      data: null,
      forwarded_from: null,
      reactions: [],
      reactions_seq: 2,
      my_reactions: [],
      reply_to: null,
      version: 1,
      created_at: expect.any(String),
      edited_at: null,
      deleted_at: null,
      read: false,
    })
    expect((await get<Message>(boris!, `/chats/${chatId}/messages/${first.id}`)).client_message_id).toBeNull()
    const reply = await send(boris!, chatId, 'И тебе', { reply_to: first.id.toUpperCase() })
    expect(reply.body).toMatchObject({ reply_to: first.id, seq: 3 })
    expect((await send(boris!, chatId, 'x', { reply_to: randomUUID() })).status).toBe(404)
    const elsewhere = await group(boris!)
    expect(
      await boris!.call('post', `/chats/${elsewhere}/messages`, { client_message_id: 'k', text: 'x', reply_to: first.id }),
    ).toMatchObject({ status: 404, body: { code: 'message-not-found' } })
    await anna!.call('delete', `/chats/${chatId}/messages/${first.id}`)
    expect((await send(boris!, chatId, 'на удалённое', { reply_to: first.id })).status).toBe(201)
  })

  it('stores one message for eight parallel sends over HTTP and sockets, and refuses other words', async () => {
    const chatId = await group(anna!, boris!)
    const sockets = await Promise.all(Array.from({ length: 4 }, () => connect(service.url, { token: anna!.token })))
    const body = { client_message_id: 'восемь', text: 'раз' }
    const http = Array.from({ length: 4 }, async () => {
      const { status, body: message } = await anna!.call<Message>('post', `/chats/${chatId}/messages`, body)
      return { replayed: status === 200, message, status }
    })
    const frames = sockets.map(async (socket) => ({ ...(await socket.get('send_message', { chat_id: chatId, ...body })), status: 0 }))
    const answers = await Promise.all([...http, ...frames])
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(new Set(answers.map(({ message }) => `${message.id} ${message.seq}`)).size).toBe(1)
    expect((await get<Page<Message>>(boris!, `/chats/${chatId}/messages`)).items).toHaveLength(1)
    const { id } = answers[0]!.message
    const other = { ...body, text: 'два' }
    expect(await anna!.call('post', `/chats/${chatId}/messages`, other)).toMatchObject({
      status: 409,
      body: { code: 'key-reused', message_id: id },
    })
    expect((await sockets[0]!.ask('send_message', { chat_id: chatId, ...other })).problem).toMatchObject({
      status: 409,
      code: 'key-reused',
      message_id: id,
    })
    expect(await anna!.call('post', `/chats/${chatId}/messages`, { ...body, reply_to: id })).toMatchObject({
      status: 409,
      body: { code: 'key-reused' },
    })
    for (const socket of sockets) {
      expect(await socket.get('ping', {})).toEqual({ heads: {} })
      await socket.close()
    }
  })

  it('recognises a retry whatever happened since, and answers with the message as it is now', async () => {
    const chatId = await group(anna!, boris!)
    const again = () => anna!.call<Message>('post', `/chats/${chatId}/messages`, { client_message_id: 'k', text: '  раз ' })
    const { body: first } = await again()
    await anna!.call('patch', `/chats/${chatId}/messages/${first.id}`, { text: 'два' })
    const edited = await again()
    expect(edited).toMatchObject({
      status: 200,
      body: { id: first.id, seq: first.seq, text: 'два', version: 2, edited_at: expect.any(String) },
    })
    expect(edited.headers.get('idempotency-replayed')).toBe('true')
    expect(await anna!.call('post', `/chats/${chatId}/messages`, { client_message_id: 'k', text: 'два' })).toMatchObject({ status: 409 })
    await anna!.call('delete', `/chats/${chatId}/messages/${first.id}`)
    expect(await again()).toMatchObject({ status: 200, body: { id: first.id, text: null, deleted_at: expect.any(String) } })
    expect((await boris!.call('post', `/chats/${chatId}/messages`, { client_message_id: 'k', text: 'раз' })).status).toBe(201)
    const other = await group(anna!)
    expect((await anna!.call('post', `/chats/${other}/messages`, { client_message_id: 'k', text: 'раз' })).status).toBe(201)
    await anna!.call('patch', `/chats/${chatId}/members/${boris!.id}`, { role: 'owner' })
    await anna!.call('delete', `/chats/${chatId}/members/me`)
    expect((await again()).status).toBe(404)
  })
})

describe('changing', () => {
  it('is done by the author, taken away by owner and admin too', async () => {
    const chatId = await group(anna!, boris!, carla!)
    const { body: message } = await send(boris!, chatId, 'раз')
    const path = `/chats/${chatId}/messages/${message.id}`
    const edit = (who: SignedInClient, body: object) => who.call<Message>('patch', path, body)
    expect(await edit(anna!, { text: 'x' })).toMatchObject({ status: 403, body: { code: 'not-allowed', requires: ['author'] } })
    const head = async () => (await chatOf(anna!, chatId)).head_seq
    const before = await head()
    expect(await edit(boris!, { text: ' раз ' })).toMatchObject({ status: 200, body: { ...message } })
    expect((await edit(boris!, { text: 'раз', version: 7 })).status).toBe(200)
    expect(await edit(boris!, { text: 'иначе', version: 7 })).toMatchObject({ status: 409, body: { code: 'version-conflict', version: 1 } })
    expect(await head()).toBe(before)
    expect(await edit(boris!, { text: 'два', version: 1 })).toMatchObject({
      status: 200,
      body: { text: 'два', version: 2, seq: message.seq, edited_at: expect.any(String) },
    })
    expect(await edit(boris!, { text: 'три', version: 1 })).toMatchObject({ status: 409, body: { code: 'version-conflict', version: 2 } })
    for (const wrong of [
      {},
      { text: null },
      { text: 'x', version: 0 },
      { text: 'x', version: 1.5 },
      { text: 'x', version: '2' },
      { text: 'x', reply_to: message.id },
    ])
      expect([wrong, (await edit(boris!, wrong)).status]).toEqual([wrong, 422])
    expect(await edit(boris!, { text: ' ' })).toMatchObject({ status: 422, body: { code: 'text-empty' } })
    expect(await edit(boris!, { text: 'x'.repeat(4_097) })).toMatchObject({
      status: 422,
      body: { code: 'text-too-long', limit: 4_096, length: 4_097 },
    })
    expect(await carla!.call('delete', path)).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
    expect((await anna!.call('delete', path)).status).toBe(204)
    const after = await head()
    expect((await boris!.call('delete', path)).status).toBe(204)
    expect(await head()).toBe(after)
    expect(await edit(boris!, { text: 'четыре' })).toMatchObject({ status: 409, body: { code: 'message-deleted' } })
    expect(await get<Message>(carla!, path)).toMatchObject({ text: null, deleted_at: expect.any(String), seq: message.seq, version: 2 })
    expect((await get<Page<Message>>(carla!, `/chats/${chatId}/messages`)).items.map(({ id }) => id)).toContain(message.id)
    const log = (await events(carla!, chatId)).items
    expect(log.slice(-2)).toEqual([
      {
        chat_id: chatId,
        seq: 3,
        at: expect.any(String),
        actor_id: boris!.id,
        type: 'message.edited',
        message_id: message.id,
        message_seq: 2,
        text: null,
        format: null,
        mentions: [],
        attachments: [],
        data: null,
        version: expect.any(Number),
        edited_at: expect.any(String),
      },
      {
        chat_id: chatId,
        seq: 4,
        at: expect.any(String),
        actor_id: anna!.id,
        type: 'message.deleted',
        message_id: message.id,
        message_seq: 2,
        deleted_at: expect.any(String),
      },
    ])
    expect(log[1]).toMatchObject({ type: 'message.sent', message: { text: null, deleted_at: expect.any(String) } })
  })
})

describe('reading', () => {
  it('grows, is bounded by the head, and is the same for everyone', async () => {
    const chatId = await group(anna!, boris!, carla!)
    const sent: Message[] = []
    for (let i = 1; i <= 4; i++) sent.push((await send(anna!, chatId, `m${i}`)).body)
    const read = (who: SignedInClient, body: unknown) => who.call<Reading>('post', `/chats/${chatId}/read`, body)
    expect((await chatOf(anna!, chatId)).me!.read_seq).toBe(1)
    expect(await chatOf(boris!, chatId)).toMatchObject({ unread: 4, read_by_others_seq: 1, me: { read_seq: 1 } })
    expect(await read(boris!, { message_id: sent[1]!.id })).toMatchObject({
      status: 200,
      body: { chat_id: chatId, read_seq: 3, unread: 2 },
    })
    expect((await read(boris!, { seq: 2 })).body).toEqual({ chat_id: chatId, read_seq: 3, unread: 2, unread_mentions: 0 })
    expect((await read(boris!, { seq: 0 })).body.read_seq).toBe(3)
    expect((await boris!.call<Reading>('put', `/chats/${chatId}/messages/${sent[2]!.id}/read`)).body).toEqual({
      chat_id: chatId,
      read_seq: 4,
      unread: 1,
      unread_mentions: 0,
    })
    expect((await read(boris!, { seq: 9_007_199_254_740_991 })).body).toEqual({
      chat_id: chatId,
      read_seq: 5,
      unread: 0,
      unread_mentions: 0,
    })
    const isRead = async (who: SignedInClient) =>
      (await get<Page<Message>>(who, `/chats/${chatId}/messages`)).items.map((message) => message.read)
    expect(await isRead(anna!)).toEqual([false, false, false, false])
    await read(carla!, { seq: 3 })
    for (const who of [anna!, boris!, carla!]) expect(await isRead(who)).toEqual([true, true, false, false])
    expect((await chatOf(anna!, chatId)).read_by_others_seq).toBe(3)
    expect((await chatOf(boris!, chatId)).read_by_others_seq).toBe(1)
    const readers = (i: number, who = anna!) => get<Page<MessageReader>>(who, `/chats/${chatId}/messages/${sent[i]!.id}/readers`)
    expect((await readers(1)).items.map(({ user }) => user.id).sort()).toEqual([boris!.id, carla!.id].sort())
    expect((await readers(2)).items).toEqual([
      { user: expect.objectContaining({ id: boris!.id, name: 'Борис' }), read_at: expect.any(String) },
    ])
    const [early, late] = [(await readers(0)).items.find(({ user }) => user.id === boris!.id)!, (await readers(3)).items[0]!]
    expect(Date.parse(early.read_at)).toBeLessThanOrEqual(Date.parse(late.read_at))
    for (const wrong of [
      {},
      { seq: -1 },
      { seq: 1.5 },
      { seq: '1' },
      { seq: null },
      { seq: 1, message_id: sent[0]!.id },
      { message_id: 'x' },
      { seq: 1e300 },
    ])
      expect([wrong, (await read(boris!, wrong)).status]).toEqual([wrong, 422])
    expect((await boris!.call('post', `/chats/${chatId}/read`, { message_id: randomUUID() })).body.code).toBe('message-not-found')
    await carla!.call('delete', `/chats/${chatId}/members/me`)
    expect(await isRead(anna!)).toEqual([true, true, true, true])
    await boris!.call('delete', `/chats/${chatId}/members/me`)
    expect(await isRead(anna!)).toEqual([false, false, false, false])
    expect((await chatOf(anna!, chatId)).read_by_others_seq).toBeNull()
  })

  it('counts what others wrote and nobody deleted', async () => {
    const chatId = await group(anna!, boris!)
    const first = (await send(anna!, chatId, 'раз')).body
    await send(boris!, chatId, 'своё')
    await send(anna!, chatId, 'два')
    expect((await chatOf(boris!, chatId)).unread).toBe(2)
    await anna!.call('patch', `/chats/${chatId}`, { name: 'Иначе' })
    await anna!.call('delete', `/chats/${chatId}/messages/${first.id}`)
    expect(await chatOf(boris!, chatId)).toMatchObject({ unread: 1, name: 'Иначе', last_message: { text: 'два' } })
    expect((await chatOf(anna!, chatId)).unread).toBe(1)
  })
})

describe('search', () => {
  it('finds what contains it, in any case, in one’s own chats only, newest first', async () => {
    const chatId = await group(anna!, boris!)
    const other = await group(anna!)
    const secret = await group(carla!)
    await send(anna!, chatId, 'Съешь ЕЩЁ этих мягких французских булок')
    await send(boris!, chatId, 'скидка 100% и snake_case')
    const gone = (await send(boris!, chatId, 'Булочная закрыта')).body
    const changed = (await send(anna!, other, 'булка прежняя')).body
    await anna!.call('patch', `/chats/${other}/messages/${changed.id}`, { text: 'теперь БУЛКА другая' })
    await anna!.call('delete', `/chats/${chatId}/messages/${gone.id}`)
    await boris!.call('delete', `/chats/${chatId}/messages/${gone.id}`)
    await send(carla!, secret, 'булка чужая')
    const found = async (query: string, more = '') =>
      (await get<Page<Message>>(anna!, `/messages?query=${encodeURIComponent(query)}${more}`)).items.map(({ text }) => text)
    expect(await found('БУЛ')).toEqual(['теперь БУЛКА другая', 'Съешь ЕЩЁ этих мягких французских булок'])
    expect(await found('ещё')).toHaveLength(1)
    expect(await found('0%')).toEqual(['скидка 100% и snake_case'])
    expect(await found('с%а')).toEqual([])
    expect(await found('e_c')).toHaveLength(1)
    expect(await found('k_c')).toEqual([])
    expect(await found('прежняя')).toEqual([])
    expect(await found('бул', `&chat_id=${other}`)).toHaveLength(1)
    expect(await found('бул', `&sender_id=${boris!.id}`)).toEqual([])
    expect(await found('бул', `&chat_id=${secret}`)).toEqual([])
    const { body: first, headers } = await anna!.call<Page<Message>>(
      'get',
      `/messages?query=${encodeURIComponent('бул')}&limit=1&count=true`,
    )
    expect(first).toMatchObject({ total: 2, next: expect.any(String), prev: null })
    expect(headers.get('link')).toContain('rel="next"')
    expect(
      (await get<Page<Message>>(anna!, `/messages?query=${encodeURIComponent('бул')}&limit=1&cursor=${first.next}`)).items,
    ).toHaveLength(1)
    for (const wrong of ['', '?query=', '?query=x', '?query=%20', `?query=${'x'.repeat(101)}`, '?query=ab&order=asc', '?query=ab&offset=1'])
      expect([wrong, (await anna!.call('get', `/messages${wrong}`)).status]).toEqual([wrong, 422])
    const inChat = await get<Page<Message>>(anna!, `/chats/${chatId}/messages?query=${encodeURIComponent('БУЛ')}&count=true`)
    expect(inChat).toMatchObject({ total: 1, items: [{ text: 'Съешь ЕЩЁ этих мягких французских булок' }] })
    expect(
      (await get<Page<Message>>(anna!, `/chats/${chatId}/messages?sender_id=${boris!.id}`)).items.map(({ sender }) => sender.id),
    ).toEqual([boris!.id, boris!.id])
    expect(await get<Page<Message>>(anna!, `/chats/${chatId}/messages?sender_id=nobody&count=true`)).toMatchObject({
      items: [],
      total: 0,
      next: null,
      prev: null,
    })
  })
})

describe('the log', () => {
  it('tells everything in order, without holes, page by page', async () => {
    const chatId = await group(anna!, boris!)
    for (let i = 0; i < 9; i++) await send(anna!, chatId, `m${i}`)
    await anna!.call('patch', `/chats/${chatId}`, { name: 'Новое' })
    const all = await events(boris!, chatId)
    expect(all).toMatchObject({ next: null, prev: null, head: 11 })
    expect(all.items.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect(all.items[0]).toMatchObject({
      type: 'chat.created',
      kind: 'group',
      name: 'Группа',
      members: expect.arrayContaining([expect.objectContaining({ role: 'owner' })]),
    })
    expect(all.items[10]).toEqual({
      chat_id: chatId,
      seq: 11,
      at: expect.any(String),
      actor_id: anna!.id,
      type: 'chat.renamed',
      name: 'Новое',
    })
    expect(all.items.every(({ at }, i) => i === 0 || at >= all.items[i - 1]!.at)).toBe(true)
    const first = await events(boris!, chatId, '?after=3&limit=4')
    expect(first.items.map(({ seq }) => seq)).toEqual([4, 5, 6, 7])
    const second = await events(boris!, chatId, `?limit=4&cursor=${first.next}`)
    expect(second.items.map(({ seq }) => seq)).toEqual([8, 9, 10, 11])
    expect(second.next).toBeNull()
    expect((await boris!.call('get', `/chats/${chatId}/events?after=3&limit=4`)).headers.get('link')).toContain('rel="next"')
    expect(await events(boris!, chatId, '?after=11')).toMatchObject({ items: [], head: 11, next: null })
    expect(await events(boris!, chatId, '?after=99999')).toMatchObject({ items: [], head: 11 })
    for (const wrong of ['?after=-1', '?after=x', `?after=1&cursor=${first.next}`, '?before=1'])
      expect((await boris!.call('get', `/chats/${chatId}/events${wrong}`)).status).toBe(422)
    expect((await events(boris!, chatId, '?count=true&limit=1')).total).toBe(11)
  })
})
