import { describe, expect, it } from 'vitest'
import { memoryPersist, type OutboxStore, TEXT_LIMIT, textLength } from '../../../src/client/index.ts'
import { clientOf, given, lines, online, sharedStore } from './given.ts'

describe('sending', () => {
  it('shows the row at once and climbs one ladder under one key', async () => {
    const { server, ann, bob, chatId, clock } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    const chat = client.chat(chatId)
    chat.open()
    await clock.until(() => chat.timeline.get().status === 'ready')
    const handle = chat.send(' Hello ')
    expect(lines(client, chatId)).toEqual(['Hello (queued)'])
    await clock.until(() => handle.get().status === 'sending')
    expect(lines(client, chatId)).toEqual(['Hello (sending)'])
    await clock.until(() => handle.get().status === 'sent')
    expect(lines(client, chatId)).toEqual(['Hello (sent)'])
    await bob.read(chatId)
    await clock.until(() => lines(client, chatId)[0] === 'Hello (read)')
    expect(chat.timeline.get().rows.map(({ key }) => key)).toEqual([handle.key])
  })

  it('keeps the order of each chat through an outage, and sends each once', async () => {
    const { server, ann, chatId, clock } = await given()
    const { client, device } = clientOf(server, ann)
    await online(server, client)
    client.chat(chatId).open()
    device.setOnline(false)
    for (const text of ['one', 'two', 'three']) client.chat(chatId).send(text)
    await clock.advance(60_000)
    expect(client.connection.get()).toEqual({ status: 'offline' })
    expect(lines(client, chatId)).toEqual(['one (queued)', 'two (queued)', 'three (queued)'])
    device.setOnline(true)
    await clock.until(() => client.outbox.get().length === 0)
    expect(server.texts(chatId)).toEqual(['one', 'two', 'three'])
    await clock.until(() => lines(client, chatId).every((line) => line.endsWith('(sent)')))
  })

  it('sends once although answers are lost', async () => {
    const { server, ann, chatId, clock } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    server.faults.answerLoss = 0.5
    for (let i = 0; i < 20; i++) client.chat(chatId).send(String(i))
    await clock.advance(300_000)
    server.faults.answerLoss = 0
    await clock.until(() => client.outbox.get().length === 0)
    expect(server.texts(chatId)).toEqual(Array.from({ length: 20 }, (_, i) => String(i)))
  })

  it('stores before the first byte leaves', async () => {
    const { server, ann, chatId, clock } = await given()
    let store: (() => void) | undefined
    const slow: OutboxStore = {
      load: () => Promise.resolve([]),
      put: () => new Promise((resolve) => (store = resolve)),
      remove: () => Promise.resolve(),
    }
    const { client } = clientOf(server, ann, { persist: () => slow })
    await online(server, client)
    const handle = client.chat(chatId).send('safe?')
    await clock.advance(10_000)
    expect(handle.get().status).toBe('queued')
    expect(server.texts(chatId)).toEqual([])
    store!()
    await clock.until(() => handle.get().status === 'sent')
  })

  it('sends after a reload what an earlier run has left, with the same key', async () => {
    const { server, ann, chatId, clock } = await given()
    const persist = memoryPersist()
    const first = clientOf(server, ann, { persist })
    await online(server, first.client)
    first.device.setOnline(false)
    const { key } = first.client.chat(chatId).send('left behind')
    await clock.advance(100)
    first.client.close()
    const second = clientOf(server, ann, { persist })
    const sent: string[] = []
    second.client.on('sent', (told) => sent.push(told.key))
    await clock.until(() => sent.length > 0)
    expect(sent).toEqual([key])
    expect(server.texts(chatId)).toEqual(['left behind'])
    expect(await (await persist(ann.id)).load()).toEqual([])
  })

  it('fails for good what is refused, lets the next pass, and tries again when asked', async () => {
    const { server, ann, chatId, clock } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    client.chat(chatId).open()
    server.refuse('send_message', 'message-not-found')
    const refused: string[] = []
    client.on('refused', ({ problem }) => refused.push(problem.code))
    const first = client.chat(chatId).send('first')
    const second = client.chat(chatId).send('second')
    await clock.until(() => second.get().status === 'sent')
    expect(first.get()).toMatchObject({ status: 'failed', problem: { code: 'message-not-found' } })
    expect(refused).toEqual(['message-not-found'])
    expect(lines(client, chatId)).toEqual(['second (sent)', 'first (failed)'])
    client.chat(chatId).pending(first.key)!.retry()
    await clock.until(() => first.get().status === 'sent')
    expect(server.texts(chatId)).toEqual(['second', 'first'])
  })

  it('waits as long as it is asked to', async () => {
    const { server, ann, chatId, clock } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    server.refuse('send_message', 'too-many-requests', { facts: { retryAfterMs: 7_000 } })
    const handle = client.chat(chatId).send('patience')
    await clock.advance(6_000)
    expect(handle.get().status).toBe('queued')
    await clock.advance(2_000)
    expect(handle.get().status).toBe('sent')
  })

  it('tries again where the service is in trouble', async () => {
    const { server, ann, chatId, clock } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    server.refuse('send_message', 'overloaded', { times: 3 })
    const handle = client.chat(chatId).send('later')
    await clock.until(() => handle.get().status === 'sent')
    expect(server.texts(chatId)).toEqual(['later'])
  })

  it('takes back what has not left', async () => {
    const { server, ann, chatId, clock } = await given()
    const { client, device } = clientOf(server, ann)
    await online(server, client)
    client.chat(chatId).open()
    device.setOnline(false)
    const handle = client.chat(chatId).send('oops')
    expect(handle.cancel()).toBe(true)
    expect(handle.get()).toEqual({ status: 'cancelled' })
    expect(lines(client, chatId)).toEqual([])
    device.setOnline(true)
    await clock.advance(60_000)
    expect(server.texts(chatId)).toEqual([])
    expect(handle.cancel()).toBe(false)
  })

  it('cannot take back what may have arrived', async () => {
    const { server, ann, chatId, clock } = await given()
    const { client, device } = clientOf(server, ann)
    await online(server, client)
    const handle = client.chat(chatId).send('gone')
    await clock.until(() => handle.get().status === 'sending')
    expect(handle.cancel()).toBe(false)
    device.setOnline(false)
    await clock.until(() => handle.get().status === 'queued')
    expect(handle.cancel()).toBe(false)
  })

  it('is bounded in number, in bytes and in age', async () => {
    const { server, ann, chatId, clock } = await given()
    const { client, device } = clientOf(server, ann, { outbox: { count: 3, bytes: 20, ageMs: 60_000 } })
    await online(server, client)
    device.setOnline(false)
    const send = (text: string) => client.chat(chatId).send(text)
    const first = send('12345678')
    send('12345678')
    expect(send('12345678').get()).toMatchObject({ status: 'failed', problem: { code: 'outbox-full' } })
    send('1')
    expect(send('1').get()).toMatchObject({ status: 'failed', problem: { code: 'outbox-full' } })
    expect(client.outbox.get()).toHaveLength(3)
    await clock.advance(61_000)
    device.setOnline(true)
    await clock.until(() => first.get().status === 'failed')
    expect(first.get()).toMatchObject({ problem: { code: 'outbox-expired' } })
    expect(server.texts(chatId)).toEqual([])
  })

  it('refuses what no service would take, without a row', async () => {
    const { server, ann, chatId } = await given()
    const { client } = clientOf(server, ann)
    expect(client.chat(chatId).send('   ').get()).toMatchObject({ status: 'failed', problem: { code: 'text-empty' } })
    expect(client.chat(chatId).send('x'.repeat(4_097)).get()).toMatchObject({ problem: { code: 'text-too-long', limit: 4_096 } })
    expect(lines(client, chatId)).toEqual([])
  })

  it('counts a text for those who want to know beforehand whether it fits', async () => {
    const { server, ann, chatId } = await given()
    const { client } = clientOf(server, ann)
    const fitting = ` ${'😀'.repeat(TEXT_LIMIT)}\n`
    expect(textLength(fitting)).toBe(TEXT_LIMIT)
    expect(client.chat(chatId).send(fitting).get().status).toBe('queued')
    expect(textLength(`x${fitting}`)).toBe(TEXT_LIMIT + 2)
    expect(client.chat(chatId).send(`x${fitting}`).get()).toMatchObject({ problem: { code: 'text-too-long', length: TEXT_LIMIT + 2 } })
  })

  it('settles for those who wait, or who stop waiting', async () => {
    const { server, ann, chatId, clock } = await given()
    const { client } = clientOf(server, ann)
    const handle = client.chat(chatId).send('hello')
    const stop = new AbortController()
    const stopped = handle.settled({ signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(stopped).rejects.toThrow('enough')
    const settled = handle.settled()
    await clock.until(() => handle.get().status === 'sent')
    expect(await settled).toMatchObject({ status: 'sent' })
  })

  it('sends over HTTP where sockets do not open', async () => {
    const { server, ann, chatId, clock } = await given()
    const device = server.device()
    function NoSocket() {
      const socket = {
        readyState: 0,
        send() {},
        close() {},
        onopen: null,
        onmessage: null,
        onerror: null,
        onclose: null as null | ((event: object) => void),
      }
      clock.later(5, () => socket.onclose?.({ code: 1006 }))
      return socket
    }
    const { client } = clientOf(server, ann, { device, WebSocket: NoSocket as never })
    const handle = client.chat(chatId).send('by post')
    await clock.until(() => handle.get().status === 'sent')
    expect(server.texts(chatId)).toEqual(['by post'])
    expect(client.connection.get().status).not.toBe('online')
  })
})

describe('several tabs of one person', () => {
  it('have one sender, and all show what waits', async () => {
    const { server, ann, chatId, clock } = await given()
    const persist = sharedStore()
    const first = clientOf(server, ann, { persist })
    await online(server, first.client)
    const second = clientOf(server, ann, { persist, device: server.device(first.device) })
    await online(server, second.client)
    second.client.chat(chatId).open()
    await clock.advance(1_000)
    first.device.setOnline(false)
    const handle = second.client.chat(chatId).send('from the second')
    await clock.advance(5_000)
    expect(handle.get().status).toBe('queued')
    expect(first.client.outbox.get()).toMatchObject([{ text: 'from the second' }])
    first.device.setOnline(true)
    await clock.until(() => handle.get().status === 'sent')
    expect(server.texts(chatId)).toEqual(['from the second'])
    await clock.until(() => first.client.outbox.get().length === 0)
    expect(lines(second.client, chatId)).toEqual(['from the second (sent)'])
  })

  it('hand over when the sender goes', async () => {
    const { server, ann, chatId, clock } = await given()
    const persist = sharedStore()
    const first = clientOf(server, ann, { persist })
    await online(server, first.client)
    const second = clientOf(server, ann, { persist, device: server.device(first.device) })
    await online(server, second.client)
    first.device.setOnline(false)
    const handle = second.client.chat(chatId).send('who sends me?')
    await clock.advance(1_000)
    expect(handle.get().status).toBe('queued')
    first.client.close()
    await clock.until(() => handle.get().status === 'sent')
    expect(server.texts(chatId)).toEqual(['who sends me?'])
  })
})
