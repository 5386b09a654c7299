import { randomUUIDv7 } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { connect } from '../../support/socket-client.ts'
import { eventually } from '../../support/waiting.ts'
import { given } from './given.ts'

const key = () => randomUUIDv7()
const nobody = '01900000-0000-7000-8000-000000000000'

describe('a command', () => {
  it('with a ref gets exactly one answer, without it success is silent', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const chat = await at.group(anna)
    const socket = await at.live(anna)
    socket.send({ type: 'send_message', chat_id: chat, client_message_id: 'one', text: 'раз' })
    socket.send({ type: 'send_message', ref: 'r', chat_id: chat, client_message_id: 'two', text: 'два' })
    socket.send({ type: 'send_message', chat_id: chat, client_message_id: 'three', text: ' ' })
    await socket.get('ping', {})
    const error = await socket.first('error')
    expect(error).toMatchObject({ ref: null, problem: { code: 'text-empty' } })
    expect(socket.of('ok').filter(({ ref }) => ref === 'r')).toHaveLength(1)
    expect(socket.of('ok')).toHaveLength(4)
    expect(socket.of('event')).toHaveLength(2)
  })

  it('answers with what the API answers', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const chat_id = await at.group(anna, boris)
    const socket = await at.live(anna)
    const { message, replayed } = await socket.get('send_message', { chat_id, client_message_id: 'k', text: ' привет ' })
    expect({ message, replayed }).toMatchObject({ message: { text: 'привет', seq: 2, client_message_id: 'k' }, replayed: false })
    expect(await socket.get('send_message', { chat_id, client_message_id: 'k', text: 'привет' })).toEqual({ message, replayed: true })
    expect((await socket.ask('send_message', { chat_id, client_message_id: 'k', text: 'иначе' })).problem).toMatchObject({
      code: 'key-reused',
      message_id: message.id,
    })
    const message_id = message.id
    expect(await socket.get('edit_message', { chat_id, message_id, text: 'пока', version: 1 })).toEqual({ seq: 3 })
    expect((await socket.ask('edit_message', { chat_id, message_id, text: 'снова', version: 1 })).problem).toMatchObject({
      code: 'version-conflict',
      version: 2,
    })
    expect(await socket.get('mark_read', { chat_id, message_id })).toEqual({ chat_id, read_seq: 2, unread: 0, unread_mentions: 0 })
    expect(await socket.get('mark_read', { chat_id, seq: 99 })).toEqual({ chat_id, read_seq: 3, unread: 0, unread_mentions: 0 })
    expect(await socket.get('delete_message', { chat_id, message_id })).toEqual({ seq: 4 })
    expect(await socket.get('delete_message', { chat_id, message_id })).toEqual({ seq: 4 })
    const { events, head } = await socket.get('fetch', { chat_id, after: 1 })
    expect({ types: events.map(({ type }) => type), head }).toEqual({
      types: ['message.sent', 'message.edited', 'message.deleted'],
      head: 4,
    })
    expect((await socket.get('fetch', { chat_id, after: 0, limit: 1 })).events).toMatchObject([{ type: 'chat.created', seq: 1 }])
    expect(await socket.get('fetch', { chat_id, after: 4 })).toEqual({ events: [], head: 4 })
    expect(await socket.get('ping', {})).toEqual({ heads: { [chat_id]: 4 } })
    expect(socket.of('event').map(({ event }) => event.seq)).toEqual([2, 3, 4])
  })

  it('to a person opens the chat', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const [a, b] = [await at.live(anna), await at.live(boris)]
    const { message } = await a.get('send_message', { user_id: boris.userId, client_message_id: 'k', text: 'привет' })
    await b.first('event', ({ event }) => event.seq === 2)
    expect(b.of('event')).toMatchObject([
      { event: { seq: 1, type: 'chat.created', chat_id: message.chat_id } },
      { event: { seq: 2, type: 'message.sent', message: { text: 'привет', client_message_id: null } } },
    ])
    await a.first('event', ({ event }) => event.type === 'message.sent' && event.message.client_message_id === 'k')
    expect((await a.ask('send_message', { user_id: anna.userId, client_message_id: 'k', text: 'x' })).problem).toMatchObject({
      code: 'chat-with-self',
    })
    expect((await a.ask('send_message', { user_id: nobody, client_message_id: 'k', text: 'x' })).problem).toMatchObject({
      code: 'user-not-found',
      user_ids: [nobody],
    })
  })

  it('of one chat is carried out in the order sent', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const chat_id = await at.group(anna)
    const socket = await at.live(anna)
    const { message } = await socket.get('send_message', { chat_id, client_message_id: key(), text: 'first' })
    const edits = Array.from({ length: 10 }, (_, i) => `edit ${i}`)
    const seqs = await Promise.all(
      edits.flatMap((text, i) => [
        socket.get('edit_message', { chat_id, message_id: message.id, text }).then(({ seq }) => seq),
        socket.get('send_message', { chat_id, client_message_id: key(), text: `a ${i}` }).then((sent) => sent.message.seq),
        socket.get('send_message', { chat_id, client_message_id: key(), text: `b ${i}` }).then((sent) => sent.message.seq),
        socket.get('fetch', { chat_id, after: 0 }).then(({ head }) => head + 0.5),
      ]),
    )
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
  })

  it('to one person is carried out in the order sent', async () => {
    await using at = await given()
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const socket = await at.live(anna)
    const texts = Array.from({ length: 40 }, (_, i) => `${i}`)
    const sent = await Promise.all(
      texts.map((text) => socket.get('send_message', { user_id: boris.userId, client_message_id: text, text })),
    )
    expect(sent.map(({ message }) => message.seq)).toEqual(texts.map((_, i) => i + 2))
  })

  it('waits unread while 32 are in work, and none is refused', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    let most = 0
    let inWork = 0
    const sendMessage: never = ((...given: Parameters<typeof real>) => {
      most = Math.max(most, ++inWork)
      return promise.then(() => real(...given)).finally(() => inWork--)
    }) as never
    await using base = await given()
    const real = base.api.sendMessage
    await using at = await given({ api: { ...base.api, sendMessage }, hub: base.app.hub })
    const anna = await base.person('Анна')
    const chats = await Promise.all(Array.from({ length: 4 }, () => base.group(anna)))
    const socket = await at.live(anna)
    const all = Array.from({ length: 400 }, (_, i) =>
      socket.get('send_message', { chat_id: chats[i % 4]!, client_message_id: `${i}`, text: `${i}` }),
    )
    await eventually(() => expect(most).toBe(32))
    for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done))
    expect(most).toBe(32)
    resolve()
    const sent = await Promise.all(all)
    expect(most).toBe(32)
    for (const chat of chats) {
      const seqs = sent.filter(({ message }) => message.chat_id === chat).map(({ message }) => message.seq)
      expect(seqs).toEqual(Array.from({ length: 100 }, (_, i) => i + 2))
    }
  })

  it('of different chats runs side by side', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    await using base = await given()
    const slow = {
      ...base.api,
      editMessage: ((...given) => promise.then(() => base.api.editMessage(...given))) as typeof base.api.editMessage,
    }
    await using at = await given({ api: slow, hub: base.app.hub })
    const anna = await base.person('Анна')
    const [one, other] = [await base.group(anna), await base.group(anna)]
    const sent = await base.say(anna, one, 'x')
    const socket = await at.live(anna)
    const edited = socket.get('edit_message', { chat_id: one, message_id: sent.view.message.id, text: 'y' })
    const behind = socket.get('send_message', { chat_id: one, client_message_id: 'k', text: 'behind' })
    await socket.get('send_message', { chat_id: other, client_message_id: 'k', text: 'beside' })
    resolve()
    expect((await edited).seq).toBe(3)
    expect((await behind).message.seq).toBe(4)
  })

  it('that meets a defect is told nothing but its number', async () => {
    await using base = await given()
    const anna = await base.person('Анна')
    await using at = await given({
      api: { ...base.api, listEvents: () => Promise.reject(new Error('secret')) },
      hub: base.app.hub,
    })
    const socket = await at.connect(anna)
    const { problem } = await socket.ask('fetch', { chat_id: nobody, after: 0 })
    expect(problem).toEqual({
      type: '/problems/internal',
      title: expect.any(String),
      status: 500,
      code: 'internal',
      request_id: problem!.request_id,
    })
    expect(at.defects).toMatchObject([{ frame: 'fetch', request_id: problem!.request_id }])
  })

  it('notes now and then that somebody is there', async () => {
    const noted: string[] = []
    await using at = await given({ activity: { note: ({ userId }) => void noted.push(userId) } })
    const anna = await at.person('Анна')
    const socket = await at.connect(anna)
    for (const _ of [1, 2, 3]) await socket.get('ping', {})
    at.clock.advance(5_000)
    await socket.get('ping', {})
    expect(noted).toEqual([anna.userId, anna.userId])
  })
})

describe('an outsider', () => {
  it('cannot tell another’s chat from none', async () => {
    await using at = await given()
    const [anna, eve] = [await at.person('Анна'), await at.person('Ева')]
    const secret = await at.group(anna)
    const { view } = await at.say(anna, secret, 'тайна')
    const [resumed, fresh] = [await at.live(eve), await at.connect(eve)]
    const problems = async (chat_id: string, socket = resumed) => {
      const message_id = view.message.id
      const answers = [
        await socket.ask('send_message', { chat_id, client_message_id: 'k', text: 'x' }),
        await socket.ask('edit_message', { chat_id, message_id, text: 'x' }),
        await socket.ask('delete_message', { chat_id, message_id }),
        await socket.ask('mark_read', { chat_id, message_id }),
        await socket.ask('mark_read', { chat_id, seq: 1 }),
        await socket.ask('typing', { chat_id, active: true }),
        await socket.ask('join_chat', { chat_id }),
        await socket.ask('leave_chat', { chat_id }),
        await socket.ask('fetch', { chat_id, after: 0 }),
      ]
      return answers.map(({ problem }) => ({ ...problem, request_id: '' }))
    }
    const told = await problems(secret)
    expect(told.map(({ code }) => code)).toEqual(told.map(() => 'chat-not-found'))
    expect(await problems(nobody)).toEqual(told)
    expect(await problems(secret, fresh)).toEqual(told)
    await at.say(anna, secret, 'ещё')
    await resumed.get('ping', {})
    expect(resumed.frames.filter(({ type }) => type !== 'error' && type !== 'ok' && type !== 'hello')).toEqual([])
  })

  it('is told that a chat of its cursors is not its own', async () => {
    await using at = await given()
    const [anna, eve] = [await at.person('Анна'), await at.person('Ева')]
    const secret = await at.group(anna)
    const socket = await at.connect(eve)
    expect(await socket.resume({ [secret]: 1, [nobody]: 1 })).toMatchObject({ heads: {} })
    expect(socket.of('chat_gone')).toEqual([secret, nobody].map((chat_id) => ({ type: 'chat_gone', chat_id, reason: 'not-found' })))
  })
})

describe('what is no command', () => {
  it('is answered for what it is', async () => {
    await using at = await given()
    const socket = await at.connect(await at.person('Анна'))
    const told = async (frame: unknown) => {
      const before = socket.of('error').length
      socket.send(frame)
      return eventually(() => {
        const { ref, problem } = socket.of('error')[before]!
        return [ref, problem.code, problem.errors?.map(({ pointer }) => pointer).join()]
      })
    }
    expect(await told('{')).toEqual([null, 'bad-json', undefined])
    expect(await told('')).toEqual([null, 'bad-json', undefined])
    expect(await told('[]')).toEqual([null, 'unknown-type', undefined])
    expect(await told({ type: 'sing', ref: 'r' })).toEqual(['r', 'unknown-type', undefined])
    expect(await told({ type: 'ping', ref: 'r', more: 1 })).toEqual(['r', 'invalid', '/more'])
    expect(await told({ type: 'ping', ref: 7 })).toEqual([null, 'invalid', '/ref'])
    expect(await told({ type: 'fetch', ref: 'r', chat_id: 'x', after: -1 })).toEqual(['r', 'invalid', '/chat_id,/after'])
    expect(await told({ type: 'resume', ref: 'r', cursors: { x: 1 } })).toEqual(['r', 'invalid', '/cursors/x'])
    expect(await told('['.repeat(50_000))).toEqual([null, 'bad-json', undefined])
    expect(await told('['.repeat(30_000) + ']'.repeat(30_000))).toEqual([null, 'unknown-type', undefined])
    expect(await told(`{"type":"ping","ref":"r","deep":${'['.repeat(30_000)}${']'.repeat(30_000)}}`)).toEqual(['r', 'invalid', '/deep'])
    expect(await told(`{"type":"ping","ref":"r","__proto__":1}`)).toEqual(['r', 'invalid', '/__proto__'])
  })

  it('is refused where a text holds NUL or half a character', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const chat_id = await at.group(anna)
    const socket = await at.connect(anna)
    for (const text of ['a\\u0000b', '\\ud800', 'x\\udc00y']) {
      socket.send(`{"type":"send_message","ref":"r","chat_id":"${chat_id}","client_message_id":"k","text":"${text}"}`)
      socket.send(`{"type":"send_message","ref":"r","chat_id":"${chat_id}","client_message_id":"${text}","text":"x"}`)
      socket.send(`{"type":"ping","ref":"${text}"}`)
    }
    await eventually(() => expect(socket.of('error')).toHaveLength(9))
    expect(new Set(socket.of('error').map(({ problem }) => problem.code))).toEqual(new Set(['invalid']))
    const { message } = await socket.get('send_message', { chat_id, client_message_id: 'k', text: '👩‍👩‍👧 ok' })
    expect(message.text).toBe('👩‍👩‍👧 ok')
  })

  it('is tolerated 20 times in a row', async () => {
    await using at = await given()
    const socket = await at.connect()
    for (let i = 0; i < 20; i++) socket.send('no json')
    socket.send({ type: 'ping' })
    for (let i = 0; i < 21; i++) socket.send('no json')
    expect(await socket.closed).toEqual({ code: 4400 })
    expect(socket.of('error')).toHaveLength(42)
  })

  it('as bytes ends the socket with 1003', async () => {
    await using at = await given()
    const socket = await at.connect()
    socket.send(Buffer.from('{"type":"ping"}'))
    expect(await socket.closed).toEqual({ code: 1003 })
  })

  it('beyond 64 KiB ends the socket with 1009, up to it does not', async () => {
    await using at = await given()
    const socket = await at.connect()
    socket.send('x'.repeat(65_536))
    await socket.first('error')
    socket.send('x'.repeat(65_537))
    expect(await socket.closed).toEqual({ code: 1009 })
  })

  it('as broken UTF-8 ends the socket with 1007', async () => {
    await using at = await given()
    const socket = await at.connect()
    socket.ws.send(Buffer.from([0xff, 0xfe]), { binary: false })
    expect(await socket.closed).toEqual({ code: 1007 })
  })

  it('leaves the server as it was when a line is cut in the middle of work', async () => {
    await using at = await given()
    const anna = await at.person('Анна')
    const chat_id = await at.group(anna)
    for (let round = 0; round < 5; round++) {
      const socket = await connect(at.url, { token: anna.token })
      for (let i = 0; i < 50; i++)
        socket.send({ type: 'send_message', ref: `${i}`, chat_id, client_message_id: `${round} ${i}`, text: 'x' })
      socket.ws.terminate()
    }
    await eventually(() => expect(at.sockets.size).toBe(0))
    expect(at.app.hub.connectionsOf(anna.userId)).toBe(0)
    const socket = await at.live(anna)
    const { events } = await socket.get('fetch', { chat_id, after: 0 })
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1))
    expect(at.defects).toEqual([])
  })
})
