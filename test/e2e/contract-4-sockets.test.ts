import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Chat } from '../../src/adapters/wire/schemas/chats.ts'
import type { Session } from '../../src/adapters/wire/schemas/identity.ts'
import type { Message } from '../../src/adapters/wire/schemas/messages.ts'
import { type HttpClient, httpClient, type SignedInClient } from '../support/http-client.ts'
import { type Service, startService } from '../support/service.ts'
import { connect, type SocketClient, turnedAway } from '../support/socket-client.ts'
import { eventually } from '../support/waiting.ts'

let service: Service
let client: HttpClient
let [anna, boris, carla, stranger]: SignedInClient[] = []

beforeAll(async () => {
  service = await startService()
  client = httpClient(service.url)
  ;[anna, boris, carla, stranger] = await Promise.all(['Анна', 'Борис', 'Карла', 'Чужая'].map((name) => client.register(name)))
})
afterAll(() => service.stop())

const group = async (owner: SignedInClient, ...members: SignedInClient[]) =>
  (await owner.call<Chat>('post', '/chats', { kind: 'group', name: 'Группа', member_ids: members.map(({ id }) => id) })).body.id
const send = async (who: SignedInClient, chatId: string, text: string) =>
  (await who.call<Message>('post', `/chats/${chatId}/messages`, { client_message_id: randomUUID(), text })).body
const socketOf = (who: SignedInClient, deviceId?: string) => connect(service.url, { token: who.token, deviceId })
const live = async (who: SignedInClient, cursors = {}) => {
  const socket = await socketOf(who)
  await socket.resume(cursors)
  return socket
}
/** What a socket was told up to now: the answer to a ping comes after all that was under way. */
const level = async (socket: SocketClient) => (await socket.get('ping', {})).heads
const eventsOn = (socket: SocketClient, chatId: string) =>
  socket
    .of('event')
    .map(({ event }) => event)
    .filter((event) => event.chat_id === chatId)
const problemsOn = (socket: SocketClient) => socket.of('error').map(({ ref, problem }) => [ref, problem.code])

describe('the beginning', () => {
  it('is hello, then a token in the first frame', async () => {
    await using socket = await connect(service.url)
    expect(socket.frames).toEqual([
      {
        type: 'hello',
        connection_id: expect.any(String),
        epoch: (await client.call<{ epoch: string }>('get', '')).body.epoch,
        heartbeat_ms: 25_000,
        server_time: expect.stringMatching(/Z$/),
        limits: (await client.call<{ limits: object }>('get', '')).body.limits,
        user_id: null,
      },
    ])
    for (const type of ['ping', 'resume', 'send_message']) socket.send({ type, ref: type })
    await eventually(() =>
      expect(problemsOn(socket)).toEqual([
        ['ping', 'unauthenticated'],
        ['resume', 'unauthenticated'],
        ['send_message', 'unauthenticated'],
      ]),
    )
    const { connection_id } = socket.of('hello')[0]!
    expect(socket.of('error')[0]!.problem).toEqual({
      type: '/problems/unauthenticated',
      title: expect.any(String),
      status: 401,
      code: 'unauthenticated',
      request_id: expect.stringMatching(new RegExp(`^${connection_id}:\\d+$`)),
    })
    const { ok } = await socket.authorize(anna!.token)
    expect(ok).toEqual({ user_id: anna!.id, session_id: anna!.session.session_id, expires_at: expect.any(String) })
    expect(Math.abs(Date.parse(ok!.expires_at) - Date.now() - 900_000)).toBeLessThan(60_000)
  })

  it('may be a header on the upgrade', async () => {
    await using socket = await connect(service.url, { header: `Bearer ${anna!.token}` })
    expect(socket.of('hello')[0]!.user_id).toBe(anna!.id)
    expect((await socket.resume()).epoch).toBe(socket.of('hello')[0]!.epoch)
    const hasty = new WebSocket(`${service.url.replace('http', 'ws')}/api/v1/ws`, { headers: { authorization: `Bearer ${anna!.token}` } })
    const heard: string[] = []
    hasty.on('open', () => hasty.send('{"type":"ping","ref":"at once"}'))
    hasty.on('message', (data: Buffer) => heard.push((JSON.parse(data.toString()) as { type: string }).type))
    await eventually(() => expect(heard).toEqual(['hello', 'ok']))
    hasty.close()
    const refused = await connect(service.url, { header: 'Bearer nonsense' })
    expect(await refused.closed).toEqual({ code: 4401 })
    expect(refused.frames.at(-1)).toMatchObject({ type: 'error', ref: null, problem: { code: 'unauthenticated' } })
  })

  it('ends at once with a token that is refused', async () => {
    const socket = await connect(service.url)
    expect((await socket.authorize('nonsense')).problem?.code).toBe('unauthenticated')
    expect(await socket.closed).toEqual({ code: 4401 })
    const later = await socketOf(anna!)
    expect((await later.authorize(boris!.token)).problem?.code).toBe('unauthenticated')
    expect(await later.closed).toEqual({ code: 4401 })
  })

  it('renews for the same person as often as wanted', async () => {
    await using socket = await live(anna!)
    for (let i = 0; i < 3; i++) expect((await socket.authorize(anna!.token)).ok).toMatchObject({ user_id: anna!.id })
    expect(await level(socket)).toBeDefined()
  })

  it('is no place for other paths and other pages', async () => {
    expect(await turnedAway(service.url, { origin: 'https://elsewhere.example' })).toMatchObject({ status: 403 })
    expect(await turnedAway(service.url, {}, '/api/v1/elsewhere')).toMatchObject({ status: 404 })
    await using own = await connect(service.url, { origin: service.url })
    expect(own.of('hello')).toHaveLength(1)
    expect((await client.call('get', '/ws')).status).toBeGreaterThanOrEqual(400)
  })

  it('waits ten seconds for somebody to say who it is; a token that ends is told', async () => {
    await using short = await startService({ env: { ACCESS_TOKEN_TTL: '6s', DATABASE_URL: 'memory:' } })
    const here = httpClient(short.url)
    const careless = (await here.register('Дважды')).session
    const refresh = (token: string) => here.call<Session>('post', '/auth/refresh', { body: { refresh_token: token } })
    const successor = (await refresh(careless.refresh_token)).body
    const silent = await connect(short.url)
    const since = Date.now()
    const person = await here.register('Кто-то')
    const [lapsing, renewed] = await Promise.all([connect(short.url, { token: person.token }), connect(short.url, { token: person.token })])
    expect(person.session.expires_in).toBe(6)
    await eventually(() => expect(Date.now() - since).toBeGreaterThan(2_500))
    const next = (await here.call<Session>('post', '/auth/refresh', { body: { refresh_token: person.session.refresh_token } })).body
    expect((await renewed.authorize(next.access_token)).ok).toMatchObject({ user_id: person.id, session_id: person.session.session_id })
    expect(await lapsing.closed).toEqual({ code: 4401 })
    expect(lapsing.frames.at(-1)).toMatchObject({ type: 'error', ref: null, problem: { code: 'token-expired', status: 401 } })
    expect(await renewed.get('ping', {})).toEqual({ heads: {} })
    expect(await here.call('get', '/users/me', { token: person.token })).toMatchObject({ status: 401, body: { code: 'token-expired' } })
    expect((await renewed.authorize(person.token)).problem?.code).toBe('token-expired')
    expect(await renewed.closed).toEqual({ code: 4401 })
    expect(await silent.closed).toEqual({ code: 4401 })
    expect(Date.now() - since).toBeGreaterThan(9_000)
    expect(Date.now() - since).toBeLessThan(14_000)
    expect((await refresh(next.refresh_token)).status).toBe(200)
    expect(await refresh(careless.refresh_token)).toMatchObject({ status: 401, body: { code: 'session-ended' } })
    expect((await refresh(successor.refresh_token)).status).toBe(401)
  }, 30_000)
})

describe('frames', () => {
  it('that are anything else are answered with a problem, and the socket lives on', async () => {
    await using socket = await live(anna!)
    const chatId = await group(anna!)
    const odd: [unknown, string][] = [
      ['', 'bad-json'],
      ['{', 'bad-json'],
      ['['.repeat(50_000), 'bad-json'],
      ['nonsense', 'bad-json'],
      ['[]', 'unknown-type'],
      ['null', 'unknown-type'],
      ['7', 'unknown-type'],
      [{}, 'unknown-type'],
      [{ type: 7 }, 'unknown-type'],
      [{ type: 'toString' }, 'unknown-type'],
      [{ type: '__proto__' }, 'unknown-type'],
      [{ type: 'hello' }, 'unknown-type'],
      [{ type: 'ping', extra: 1 }, 'invalid'],
      ['{"type":"ping","__proto__":{}}', 'invalid'],
      [{ type: 'ping', ref: '' }, 'invalid'],
      [{ type: 'ping', ref: 'r'.repeat(65) }, 'invalid'],
      [{ type: 'ping', ref: 7 }, 'invalid'],
      [{ type: 'ping', ref: null }, 'invalid'],
      [{ type: 'send_message', chat_id: 'x', client_message_id: 'k', text: 'x' }, 'invalid'],
      [{ type: 'send_message', client_message_id: 'k', text: 'x' }, 'invalid'],
      [{ type: 'send_message', chat_id: chatId, user_id: boris!.id, client_message_id: 'k', text: 'x' }, 'invalid'],
      [{ type: 'send_message', chat_id: chatId, client_message_id: '', text: 'x' }, 'invalid'],
      [{ type: 'send_message', chat_id: chatId, client_message_id: 'k', text: 'a\0' }, 'invalid'],
      [`{"type":"send_message","chat_id":"${chatId}","client_message_id":"k","text":"\\ud800"}`, 'invalid'],
      [{ type: 'send_message', chat_id: chatId, client_message_id: 'k', text: ' ' }, 'text-empty'],
      [{ type: 'send_message', chat_id: chatId, client_message_id: 'k', text: 'x'.repeat(4_097) }, 'text-too-long'],
      [{ type: 'send_message', user_id: anna!.id, client_message_id: 'k', text: 'x' }, 'chat-with-self'],
      [{ type: 'send_message', user_id: randomUUID(), client_message_id: 'k', text: 'x' }, 'user-not-found'],
      [{ type: 'send_message', chat_id: chatId, client_message_id: 'k', text: 'x', reply_to: randomUUID() }, 'message-not-found'],
      [{ type: 'mark_read', chat_id: chatId, seq: -1 }, 'invalid'],
      [{ type: 'mark_read', chat_id: chatId, seq: 1, message_id: chatId }, 'invalid'],
      [{ type: 'mark_read', chat_id: chatId }, 'invalid'],
      [{ type: 'fetch', chat_id: chatId, after: -1 }, 'invalid'],
      [{ type: 'fetch', chat_id: chatId, after: 1e300 }, 'invalid'],
      [{ type: 'fetch', chat_id: chatId, after: 0, limit: 0 }, 'invalid'],
      [{ type: 'fetch', chat_id: chatId, after: 0, limit: 101 }, 'invalid'],
      [{ type: 'typing', chat_id: chatId, active: 'yes' }, 'invalid'],
      [{ type: 'authorize' }, 'invalid'],
      [{ type: 'resume', cursors: {} }, 'already-resumed'],
      [{ type: 'resume', cursors: { x: 1 } }, 'invalid'],
      [{ type: 'resume', cursors: { [chatId]: -1 } }, 'invalid'],
      [{ type: 'resume', cursors: [] }, 'invalid'],
      [{ type: 'resume', cursors: Object.fromEntries(Array.from({ length: 1_001 }, () => [randomUUID(), 1])) }, 'invalid'],
    ]
    for (const [frame, code] of odd) {
      const before = socket.of('error').length
      socket.send(frame)
      const problem = await eventually(() => {
        const told = socket.of('error')[before]
        if (!told) throw new Error(`no answer to ${JSON.stringify(frame)}`)
        return told.problem
      })
      expect([frame, problem.code]).toEqual([frame, code])
    }
    await level(socket)
    expect((await client.call('get', '')).status).toBe(200)
  })

  it('too large, binary, or never JSON, end the socket with a code of their own', async () => {
    const [large, binary, babble] = await Promise.all([socketOf(anna!), socketOf(anna!), socketOf(anna!)])
    large.send(JSON.stringify({ type: 'ping', ref: 'x'.repeat(70_000) }))
    expect(await large.closed).toEqual({ code: 1009 })
    binary.send(Buffer.from('{"type":"ping"}'))
    expect(await binary.closed).toEqual({ code: 1003 })
    for (let i = 0; i < 20; i++) babble.send('no JSON')
    babble.send({ type: 'ping' })
    await eventually(() => expect(babble.of('error')).toHaveLength(20))
    for (let i = 0; i < 21; i++) babble.send('no JSON')
    expect(await babble.closed).toEqual({ code: 4400 })
  })

  it('with a ref get exactly one answer, without one silence', async () => {
    await using socket = await live(anna!)
    const chatId = await group(anna!)
    await socket.first('event', ({ event }) => event.chat_id === chatId)
    socket.send({ type: 'send_message', chat_id: chatId, client_message_id: 'quiet', text: 'тихо' })
    await socket.first('event', ({ event }) => event.type === 'message.sent')
    const refs = Array.from({ length: 100 }, (_, i) => `r${i}`)
    for (const ref of refs) socket.send({ type: 'send_message', ref, chat_id: chatId, client_message_id: ref, text: ref })
    await eventually(() => expect(socket.of('ok').filter(({ ref }) => refs.includes(ref))).toHaveLength(100))
    await eventually(() => expect(eventsOn(socket, chatId)).toHaveLength(102))
    const events = eventsOn(socket, chatId)
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1))
    expect(events.slice(2).map((event) => event.type === 'message.sent' && event.message.text)).toEqual(refs)
    expect(socket.of('error')).toEqual([])
  })
})

describe('commands', () => {
  it('do what HTTP does, and answer with their results', async () => {
    const chatId = await group(anna!, boris!)
    await using mine = await live(anna!)
    await using his = await live(boris!)
    const { message, replayed } = await mine.get('send_message', { chat_id: chatId, client_message_id: 'k', text: ' раз ' })
    expect(replayed).toBe(false)
    expect(message).toMatchObject({ chat_id: chatId, seq: 2, text: 'раз', client_message_id: 'k', read: false, version: 1 })
    expect(await mine.get('send_message', { chat_id: chatId, client_message_id: 'k', text: 'раз' })).toEqual({ message, replayed: true })
    expect(await mine.get('edit_message', { chat_id: chatId, message_id: message.id, text: 'два', version: 1 })).toEqual({ seq: 3 })
    expect(await mine.get('edit_message', { chat_id: chatId, message_id: message.id, text: 'два' })).toEqual({ seq: 3 })
    expect((await mine.ask('edit_message', { chat_id: chatId, message_id: message.id, text: 'три', version: 1 })).problem).toMatchObject({
      code: 'version-conflict',
      version: 2,
    })
    expect((await his.ask('edit_message', { chat_id: chatId, message_id: message.id, text: 'x' })).problem?.code).toBe('not-allowed')
    expect(await his.get('mark_read', { chat_id: chatId, message_id: message.id })).toEqual({
      chat_id: chatId,
      read_seq: 2,
      unread: 0,
      unread_mentions: 0,
    })
    expect(await mine.get('delete_message', { chat_id: chatId, message_id: message.id })).toEqual({ seq: 4 })
    expect(await mine.get('delete_message', { chat_id: chatId, message_id: message.id })).toEqual({ seq: 4 })
    expect((await mine.ask('edit_message', { chat_id: chatId, message_id: message.id, text: 'x' })).problem?.code).toBe('message-deleted')
    expect(await his.get('mark_read', { chat_id: chatId, seq: 999 })).toEqual({
      chat_id: chatId,
      read_seq: 4,
      unread: 0,
      unread_mentions: 0,
    })
    const fetched = await his.get('fetch', { chat_id: chatId, after: 1 })
    expect(fetched.head).toBe(4)
    expect(fetched.events.map(({ seq, type }) => [seq, type])).toEqual([
      [2, 'message.sent'],
      [3, 'message.edited'],
      [4, 'message.deleted'],
    ])
    expect((await his.get('fetch', { chat_id: chatId, after: 1, limit: 1 })).events.map(({ seq }) => seq)).toEqual([2])
    expect(await his.get('fetch', { chat_id: chatId, after: 4 })).toEqual({ events: [], head: 4 })
    await eventually(() => expect(eventsOn(his, chatId).map(({ seq }) => seq)).toEqual([2, 3, 4]))
    expect(eventsOn(his, chatId)[0]).toMatchObject({ message: { client_message_id: null } })
    expect(eventsOn(mine, chatId)[0]).toMatchObject({ message: { client_message_id: 'k' } })
    const toPerson = await mine.get('send_message', { user_id: stranger!.id, client_message_id: 'p', text: 'Здравствуйте' })
    expect(toPerson.message).toMatchObject({ seq: 2, text: 'Здравствуйте' })
    await eventually(() =>
      expect(eventsOn(mine, toPerson.message.chat_id).map(({ seq, type }) => [seq, type])).toEqual([
        [1, 'chat.created'],
        [2, 'message.sent'],
      ]),
    )
  })

  it('of a stranger meet no chat', async () => {
    const chatId = await group(anna!, boris!)
    const { id } = await send(anna!, chatId, 'слово')
    await using socket = await live(stranger!)
    const tries = (chat_id: string) => [
      socket.ask('send_message', { chat_id, client_message_id: 'k', text: 'x' }),
      socket.ask('edit_message', { chat_id, message_id: id, text: 'x' }),
      socket.ask('delete_message', { chat_id, message_id: id }),
      socket.ask('mark_read', { chat_id, seq: 1 }),
      socket.ask('mark_read', { chat_id, message_id: id }),
      socket.ask('typing', { chat_id, active: true }),
      socket.ask('join_chat', { chat_id }),
      socket.ask('leave_chat', { chat_id }),
      socket.ask('leave_chat', { chat_id, mute: true }),
      socket.ask('fetch', { chat_id, after: 0 }),
    ]
    const answers = async (chatOf: string) => (await Promise.all(tries(chatOf))).map(({ problem }) => ({ ...problem, request_id: '' }))
    const real = await answers(chatId)
    expect(real).toEqual(await answers(randomUUID()))
    expect(real.map(({ code }) => code)).toEqual(real.map(() => 'chat-not-found'))
    await send(anna!, chatId, 'ещё')
    await level(socket)
    expect(eventsOn(socket, chatId)).toEqual([])
  })
})

describe('resuming', () => {
  it('brings what was missed, then says where everything stands', async () => {
    const chatId = await group(anna!, boris!)
    const other = await group(anna!, boris!)
    for (let i = 0; i < 5; i++) await send(anna!, chatId, `m${i}`)
    await using socket = await socketOf(boris!)
    await send(anna!, chatId, 'до resume')
    expect(socket.of('event')).toEqual([])
    const result = await socket.resume({ [chatId]: 3 })
    const order = socket.frames.map(({ type }) => type)
    expect(order.lastIndexOf('event')).toBeLessThan(order.lastIndexOf('ok'))
    expect(eventsOn(socket, chatId).map(({ seq }) => seq)).toEqual([4, 5, 6, 7])
    expect(eventsOn(socket, other)).toEqual([])
    expect(result).toMatchObject({
      epoch: expect.any(String),
      heads: { [chatId]: 7, [other]: 1 },
      reads: { [chatId]: { read_seq: 1, read_by_others_seq: 1, unread: 6 }, [other]: { read_seq: 1, read_by_others_seq: 1, unread: 0 } },
    })
    const { body } = await boris!.call<{ total: number }>('get', '/chats?count=true')
    expect(Object.keys(result.heads)).toHaveLength(body.total)
    expect(Object.keys(result.reads)).toHaveLength(body.total)
    expect((await socket.ask('resume', { cursors: {} })).problem?.code).toBe('already-resumed')
    expect(await level(socket)).toEqual(result.heads)
  })

  it('limits what is too much, resets what is ahead or of another store, and takes leave of what is gone', async () => {
    const person = await client.register('Долго спавший')
    const chatId = await group(anna!, person)
    const socket = await live(anna!)
    for (let i = 0; i < 17; i++)
      await Promise.all(
        Array.from({ length: 32 }, (_, j) => socket.get('send_message', { chat_id: chatId, client_message_id: `${i}-${j}`, text: 'x' })),
      )
    await socket.close()
    const head = 1 + 17 * 32
    await using late = await socketOf(person)
    const gone = randomUUID()
    await late.resume({ [chatId]: 1, [gone]: 5 })
    const [limited] = late.of('limited')
    expect(limited).toMatchObject({ chat_id: chatId, from: 2, to: head - 50 })
    expect(limited!.newest.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, i) => head - 49 + i))
    expect(eventsOn(late, chatId)).toEqual([])
    expect(late.of('chat_gone')).toEqual([{ type: 'chat_gone', chat_id: gone, reason: 'not-found' }])
    await send(anna!, chatId, 'дальше')
    await eventually(() => expect(eventsOn(late, chatId).map(({ seq }) => seq)).toEqual([head + 1]))

    await using ahead = await socketOf(person)
    const { heads, epoch } = await ahead.resume({ [chatId]: head + 1_000 })
    expect(ahead.of('reset')).toEqual([{ type: 'reset', chat_id: chatId, epoch, reason: 'ahead' }])
    expect(heads[chatId]).toBe(head + 1)
    await using foreign = await socketOf(person)
    await foreign.resume({ [chatId]: 3 }, 'another epoch')
    expect(foreign.of('reset')).toEqual([{ type: 'reset', chat_id: null, epoch, reason: 'epoch' }])
    expect(foreign.of('event')).toEqual([])
    await using same = await socketOf(person)
    await same.resume({ [chatId]: head - 1 }, epoch)
    expect(same.of('reset')).toEqual([])
    expect(eventsOn(same, chatId).map(({ seq }) => seq)).toEqual([head, head + 1])
  })
})

describe('live', () => {
  it('a chat that becomes one’s own begins with the event that made it so', async () => {
    await using socket = await live(boris!)
    const chatId = await group(anna!, boris!)
    const { body: chat } = await carla!.call<Chat>('post', '/chats', { kind: 'private', user_id: boris!.id })
    await send(anna!, chatId, 'раз')
    await eventually(() =>
      expect(eventsOn(socket, chatId).map(({ seq, type }) => [seq, type])).toEqual([
        [1, 'chat.created'],
        [2, 'message.sent'],
      ]),
    )
    await socket.ask('ping', {})
    expect(eventsOn(socket, chat.id)).toEqual([])
    await send(carla!, chat.id, 'первое')
    await eventually(() =>
      expect(eventsOn(socket, chat.id)).toMatchObject([
        { seq: 1, type: 'chat.created', kind: 'private' },
        { seq: 2, type: 'message.sent' },
      ]),
    )
    const later = await group(anna!)
    await send(anna!, later, 'до него')
    await anna!.call('post', `/chats/${later}/members`, { user_ids: [carla!.id, boris!.id] })
    await send(anna!, later, 'при нём')
    await eventually(() => expect(eventsOn(socket, later)).toHaveLength(2))
    expect(eventsOn(socket, later)).toMatchObject([
      { seq: 4, type: 'member.added', user: { id: boris!.id } },
      { seq: 5, type: 'message.sent' },
    ])
  })

  it('a removal takes effect at once, on every device, with its reason', async () => {
    const chats = await Promise.all([group(anna!, boris!, carla!), group(anna!, boris!, carla!), group(anna!, boris!, carla!)])
    await using first = await live(boris!)
    await using second = await live(boris!)
    await using others = await live(carla!)
    await anna!.call('delete', `/chats/${chats[0]}/members/${boris!.id}`)
    await boris!.call('delete', `/chats/${chats[1]}/members/me`)
    await anna!.call('delete', `/chats/${chats[2]}`)
    for (const chatId of chats.slice(0, 2)) await send(anna!, chatId, 'без него')
    for (const socket of [first, second]) {
      const reasons = () => Object.fromEntries(socket.of('chat_gone').map(({ chat_id, reason }) => [chat_id, reason]))
      await eventually(() => expect(reasons()).toEqual({ [chats[0]]: 'removed', [chats[1]]: 'left', [chats[2]]: 'deleted' }))
      const heads = await level(socket)
      for (const chatId of chats) {
        expect(heads).not.toHaveProperty(chatId)
        expect(eventsOn(socket, chatId)).toEqual([])
        expect((await socket.ask('fetch', { chat_id: chatId, after: 0 })).problem?.code).toBe('chat-not-found')
      }
    }
    await eventually(() => expect(eventsOn(others, chats[0]).map(({ type }) => type)).toEqual(['member.removed', 'message.sent']))
    await eventually(() => expect(eventsOn(others, chats[1]).map(({ type }) => type)).toEqual(['member.left', 'message.sent']))
    await eventually(() => expect(others.of('chat_gone')).toEqual([{ type: 'chat_gone', chat_id: chats[2], reason: 'deleted' }]))
    await anna!.call('post', `/chats/${chats[0]}/members`, { user_ids: [boris!.id] })
    await first.first('event', ({ event }) => event.chat_id === chats[0] && event.type === 'member.added' && event.user.id === boris!.id)
  })

  it('receipts go to everybody, unread only to the reader', async () => {
    const chatId = await group(anna!, boris!, carla!)
    await using reader = await live(boris!)
    await using twin = await live(boris!)
    await using other = await live(anna!)
    const { seq } = await send(anna!, chatId, 'раз')
    await reader.get('mark_read', { chat_id: chatId, seq })
    const told = { type: 'receipt', chat_id: chatId, user_id: boris!.id, read_seq: seq, at: expect.any(String) }
    expect(await other.first('receipt', (frame) => frame.chat_id === chatId)).toEqual({ ...told, unread: null, unread_mentions: null })
    expect(await twin.first('receipt', (frame) => frame.chat_id === chatId)).toEqual({ ...told, unread: 0, unread_mentions: 0 })
    const [second, third] = [await send(anna!, chatId, 'два'), await send(anna!, chatId, 'три')]
    await boris!.call('post', `/chats/${chatId}/read`, { seq: second.seq })
    expect(await twin.first('receipt', (frame) => frame.read_seq === second.seq)).toMatchObject({ unread: 1 })
    await boris!.call('post', `/chats/${chatId}/read`, { seq: 1 })
    await boris!.call('post', `/chats/${chatId}/read`, { seq: third.seq })
    await other.first('receipt', (frame) => frame.read_seq === third.seq)
    const marks = other
      .of('receipt')
      .filter((frame) => frame.chat_id === chatId)
      .map(({ read_seq }) => read_seq)
    expect(marks).toEqual([...marks].sort((a, b) => a - b))
    expect(new Set(marks).size).toBe(marks.length)
  })

  it('typing comes for what is on screen, the full set, never oneself', async () => {
    const chatId = await group(anna!, boris!, carla!)
    await using a = await live(anna!)
    await using b = await live(boris!)
    await using c = await live(carla!)
    const joined = await a.get('join_chat', { chat_id: chatId })
    expect(joined).toMatchObject({ head: 1, typing: [], readers: expect.arrayContaining([{ user_id: boris!.id, read_seq: 1 }]) })
    expect([...joined.online].sort()).toEqual(expect.arrayContaining([boris!.id, carla!.id].sort()))
    await b.get('join_chat', { chat_id: chatId })
    const last = (socket: SocketClient) =>
      socket
        .of('typing')
        .filter((frame) => frame.chat_id === chatId)
        .at(-1)?.user_ids
    expect(await b.get('typing', { chat_id: chatId, active: true })).toEqual({})
    await eventually(() => expect(last(a)).toEqual([boris!.id]))
    await c.get('typing', { chat_id: chatId, active: true })
    await eventually(() => expect([...last(a)!].sort()).toEqual([boris!.id, carla!.id].sort()))
    await eventually(() => expect(last(b)).toEqual([carla!.id]))
    expect((await a.get('join_chat', { chat_id: chatId })).typing.sort()).toEqual([boris!.id, carla!.id].sort())
    await b.get('typing', { chat_id: chatId, active: false })
    await eventually(() => expect(last(a)).toEqual([carla!.id]))
    await c.get('send_message', { chat_id: chatId, client_message_id: randomUUID(), text: 'готово' })
    await eventually(() => expect(last(a)).toEqual([]))
    expect(c.of('typing')).toEqual([])
    await b.get('typing', { chat_id: chatId, active: true })
    await eventually(() => expect(last(a)).toEqual([boris!.id]))
    await eventually(() => expect(last(a)).toEqual([]), { timeoutMs: 9_000 })
    expect(await a.get('leave_chat', { chat_id: chatId })).toEqual({})
    const before = a.of('typing').length
    await b.get('typing', { chat_id: chatId, active: true })
    await send(boris!, chatId, 'и всё')
    await a.first('event', ({ event }) => event.type === 'message.sent' && event.message.text === 'и всё')
    expect(a.of('typing')).toHaveLength(before)
  })

  it('presence comes for what is on screen', async () => {
    const [one, two] = await Promise.all([client.register('Один'), client.register('Два')])
    const chatId = await group(one, two)
    await using watcher = await live(one)
    expect((await watcher.get('join_chat', { chat_id: chatId })).online).not.toContain(two.id)
    const devices = [await live(two), await live(two)]
    expect(await watcher.first('presence')).toEqual({
      type: 'presence',
      user_id: two.id,
      online: true,
      last_seen_at: expect.toSatisfy((at) => at === null || typeof at === 'string'),
    })
    expect((await watcher.get('join_chat', { chat_id: chatId })).online).toContain(two.id)
    await devices[0]!.close()
    await level(watcher)
    expect(watcher.of('presence').filter(({ online }) => !online)).toEqual([])
    await devices[1]!.close()
    expect(await watcher.first('presence', ({ online }) => !online)).toEqual({
      type: 'presence',
      user_id: two.id,
      online: false,
      last_seen_at: expect.stringMatching(/:00\.000Z$/),
    })
  })

  it('muted, nothing comes but chat_gone until it is joined again', async () => {
    const chatId = await group(anna!, boris!, carla!)
    await using socket = await live(boris!)
    expect(await socket.get('leave_chat', { chat_id: chatId, mute: true })).toEqual({})
    const { seq } = await send(anna!, chatId, 'не слышно')
    await carla!.call('post', `/chats/${chatId}/read`, { seq })
    await using marker = await live(boris!)
    await send(anna!, chatId, 'тоже')
    await marker.first('event', ({ event }) => event.chat_id === chatId)
    expect(await level(socket)).not.toHaveProperty(chatId)
    expect(eventsOn(socket, chatId)).toEqual([])
    expect(socket.of('receipt').filter(({ chat_id }) => chat_id === chatId)).toEqual([])
    const { head } = await socket.get('join_chat', { chat_id: chatId })
    expect(head).toBe(seq + 1)
    await send(anna!, chatId, 'слышно')
    await eventually(() => expect(eventsOn(socket, chatId).map((event) => event.seq)).toEqual([seq + 2]))
    await socket.get('leave_chat', { chat_id: chatId, mute: true })
    await anna!.call('delete', `/chats/${chatId}/members/${boris!.id}`)
    expect(await socket.first('chat_gone')).toMatchObject({ chat_id: chatId, reason: 'removed' })
  })

  it('a newer socket of the same device replaces the older, and no other', async () => {
    const old = await socketOf(anna!, 'телефон')
    await using tablet = await socketOf(anna!, 'планшет')
    await using his = await socketOf(boris!, 'телефон')
    await using newer = await socketOf(anna!, 'телефон')
    expect(await old.closed).toEqual({ code: 4409 })
    for (const socket of [tablet, his, newer]) expect(await socket.get('ping', {})).toBeDefined()
  })

  it('a reader who stops reading is told of the gap and harms nobody', async () => {
    const person = await client.register('Медленный')
    const chatId = await group(anna!, person)
    await using slow = await live(person)
    await using quick = await live(anna!)
    slow.pause()
    const text = 'ж'.repeat(4_000)
    for (let i = 0; i < 40; i++)
      await Promise.all(
        Array.from({ length: 32 }, (_, j) => quick.get('send_message', { chat_id: chatId, client_message_id: `${i}-${j}`, text })),
      )
    await eventually(() => expect(eventsOn(quick, chatId)).toHaveLength(1_280))
    expect((await quick.get('ping', {})).heads[chatId]).toBe(1_281)
    slow.goOn()
    const gap = await slow.first('gap', ({ chat_id }) => chat_id === chatId)
    expect(gap.from).toBeGreaterThan(1)
    expect(gap.to).toBeLessThanOrEqual(1_281)
    let last = 1
    await eventually(
      async () => {
        const { events, head } = await slow.get('fetch', { chat_id: chatId, after: last })
        for (const { seq } of events) expect(seq).toBe(++last)
        expect(last).toBe(head)
      },
      { everyMs: 0 },
    )
    expect(last).toBe(1_281)
    await send(anna!, chatId, 'дальше')
    await slow.first('event', ({ event }) => event.seq === 1_282)
  }, 40_000)
})

describe('chats of more than 100 members', () => {
  it('have receipts for the reader and for all at once, and no presence', async () => {
    const people = await Promise.all(Array.from({ length: 3 }, (_, i) => client.register(`Член ${i}`)))
    const chatId = await group(anna!, ...people)
    const more: string[] = []
    for (let i = 0; i < 14; i++)
      more.push(
        ...(await Promise.all(Array.from({ length: 7 }, (_, j) => client.register(`Много ${i}-${j}`)))).map(
          (person) => (crowd.push(person), person.id),
        ),
      )
    await anna!.call('post', `/chats/${chatId}/members`, { user_ids: more })
    const { seq } = await send(anna!, chatId, 'всем')
    await using reader = await live(people[0]!)
    await using twin = await live(people[0]!)
    await using author = await live(anna!)
    expect((await author.get('join_chat', { chat_id: chatId })).readers).toHaveLength(100)
    await reader.get('mark_read', { chat_id: chatId, seq })
    expect(await twin.first('receipt')).toMatchObject({ chat_id: chatId, user_id: people[0]!.id, read_seq: seq, unread: 0 })
    await anna!.call('post', `/chats/${chatId}/read`, { seq })
    for (const person of [...people.slice(1), ...crowd]) await person.call('post', `/chats/${chatId}/read`, { seq })
    const told = await author.first('receipt', ({ user_id, read_seq }) => user_id === null && read_seq === seq)
    expect(told).toMatchObject({ chat_id: chatId, user_id: null, read_seq: seq, unread: null })
    expect(author.of('receipt').every(({ user_id }) => user_id === null || user_id === anna!.id)).toBe(true)
    expect(author.of('presence')).toEqual([])
    expect((await anna!.call<Chat>('get', `/chats/${chatId}`)).body.read_by_others_seq).toBe(seq)
  }, 60_000)
  const crowd: SignedInClient[] = []
})
