import { describe, expect, it } from 'vitest'
import { clientOf, given, lines, online, sharedStore } from './given.ts'

async function sending(options: Parameters<typeof clientOf>[2] = {}) {
  const scene = await given()
  const { client, device, defects } = clientOf(scene.server, scene.ann, options)
  await online(scene.server, client)
  const chat = client.chat(scene.chatId)
  return { ...scene, client, device, defects, chat }
}
const refused = { times: 1_000 }

describe('a message that the log has', () => {
  it('is sent, though no answer ever said so', async () => {
    const { server, client, chat, clock } = await sending()
    server.faults.answerLoss = 1
    const handle = chat.send('hello')
    await clock.until(() => server.texts(chat.id).length === 1)
    server.faults.answerLoss = 0
    server.refuse('send_message', 'overloaded', refused)
    await clock.until(() => handle.get().status === 'sent')
    expect(client.outbox.get()).toEqual([])
    handle.retry()
    expect([handle.cancel(), handle.get().status]).toEqual([false, 'sent'])
  })

  it('under the same key is another one if it has another text, unless it is forwarded', async () => {
    const { server, bob, client, chat, chatId, clock } = await sending()
    const messageId = await bob.send(chatId, 'to forward')
    server.refuse('send_message', 'overloaded', refused)
    const [same, other] = [chat.send('one', { key: 'same' }), chat.send('two', { key: 'other' })]
    const forwarded = chat.forward({ chatId, messageId })
    const send = (body: object) => client.call('sendMessage', { params: { chat_id: chatId }, body })
    const sent = [
      send({ client_message_id: 'other', text: 'something else' }),
      send({ client_message_id: 'same', text: 'one' }),
      send({ client_message_id: forwarded.key, forward: { chat_id: chatId, message_id: messageId } }),
    ]
    await clock.advance(1_000)
    await Promise.all(sent)
    expect([same, forwarded, other].map((handle) => handle.get().status)).toEqual(['sent', 'sent', 'queued'])
  })

  it('is on screen once it is acknowledged, also if its event is lost', async () => {
    const { server, client, chat, chatId, clock } = await sending()
    chat.open()
    await clock.until(() => chat.timeline.get().status === 'ready')
    server.faults.eventLoss = 1
    const handle = chat.send('hello')
    await clock.until(() => handle.get().status === 'sent')
    expect(lines(client, chatId)).toEqual(['hello (sent)'])
  })

  it('is sent in all tabs, also in one that has no network', async () => {
    const { server, ann, chatId, clock } = await given()
    const persist = sharedStore()
    const first = clientOf(server, ann, { persist })
    await online(server, first.client)
    const second = clientOf(server, ann, { persist, device: server.device(first.device) })
    await online(server, second.client)
    second.device.setOnline(false)
    const handle = second.client.chat(chatId).send('hello')
    const told: string[] = []
    second.client.on('sent', ({ key }) => told.push(key))
    await clock.until(() => handle.get().status === 'sent')
    expect([told, second.client.outbox.get(), server.texts(chatId)]).toEqual([[handle.key], [], ['hello']])
  })
})

describe('what waits', () => {
  it('goes to eight chats at a time, also all at once', async () => {
    const { server, ann, bob, client, device, clock } = await sending()
    const groups = await Promise.all(Array.from({ length: 10 }, (_, i) => ann.group(`group ${i}`, [bob.id])))
    device.setOnline(false)
    for (const id of groups) client.chat(id).send('hello')
    await clock.advance(1_000)
    server.faults.latencyMs = [100, 100]
    device.setOnline(true)
    let most = 0
    const stop = client.outbox.subscribe(() => {
      most = Math.max(most, client.outbox.get().filter(({ state }) => state === 'sending').length)
    })
    await clock.until(() => client.outbox.get().length === 0)
    stop()
    expect(most).toBe(8)
  })

  it('for a chat that is gone fails, but for what has failed already, and nothing of other chats', async () => {
    const { server, ann, client, chatId, clock } = await sending()
    const cid = server.addPerson('Cid')
    const groupId = await cid.group('Club', [ann.id])
    await clock.until(() => client.chat(groupId).item.get() !== undefined)
    server.refuse('send_message', 'message-not-found')
    const failed = client.chat(groupId).send('failed')
    await clock.until(() => failed.get().status === 'failed')
    server.refuse('send_message', 'overloaded', refused)
    const [gone, other] = [client.chat(groupId).send('gone'), client.chat(chatId).send('other')]
    await clock.advance(100)
    await cid.dismiss(groupId, ann.id)
    await clock.until(() => gone.get().status === 'failed')
    expect([failed, gone].map((handle) => handle.get())).toMatchObject([
      { problem: { code: 'message-not-found' } },
      { problem: { code: 'chat-not-found' } },
    ])
    expect(other.get().status).not.toBe('failed')
  })

  it('is not tried earlier by asking for it, and is no defect', async () => {
    const { server, chat, clock, defects } = await sending()
    server.refuse('send_message', 'too-many-requests', { facts: { retryAfterMs: 60_000 } })
    const handle = chat.send('patience')
    await clock.advance(1_000)
    handle.retry()
    await clock.advance(50_000)
    expect([handle.get().status, server.texts(chat.id), defects]).toEqual(['queued', [], []])
    await clock.advance(10_000)
    expect(handle.get().status).toBe('sent')
  })

  it('can be taken back once it has failed, and not twice', async () => {
    const { server, client, chat, chatId, clock } = await sending()
    chat.open()
    server.refuse('send_message', 'message-not-found')
    const handle = chat.send('oops')
    await clock.until(() => handle.get().status === 'failed')
    expect([client.outbox.get().length, lines(client, chatId)]).toEqual([1, ['oops (failed)']])
    expect([handle.cancel(), handle.cancel()]).toEqual([true, false])
    expect([client.outbox.get(), lines(client, chatId)]).toEqual([[], []])
    handle.retry()
    await clock.advance(1_000)
    expect([handle.get().status, server.texts(chatId)]).toEqual(['cancelled', []])
  })

  it('may fill its limits, and is told what is wrong above them', async () => {
    const { client, device, chat, clock } = await sending({ outbox: { bytes: 16, ageMs: 60_000 } })
    device.setOnline(false)
    const [first, second, third] = ['12345678', '12345678', '1'].map((text) => chat.send(text))
    expect([first, second].map((handle) => handle!.get().status)).toEqual(['queued', 'queued'])
    expect(third!.get()).toMatchObject({ problem: { code: 'outbox-full', title: 'Too much is waiting to be sent', status: 0 } })
    await clock.advance(61_000)
    device.setOnline(true)
    await clock.until(() => first!.get().status === 'failed')
    expect(first!.get()).toMatchObject({ problem: { code: 'outbox-expired', title: 'The message has waited too long' } })
    expect(client.outbox.get().map(({ state }) => state)).toEqual(['failed', 'failed'])
  })
})
