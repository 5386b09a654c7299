import { describe, expect, it } from 'vitest'
import { memoryPersist, type OutboxStore } from '../../../src/client/index.ts'
import { clientOf, given, lines, online, sharedStore } from './given.ts'

async function sending(options: Parameters<typeof clientOf>[2] = {}) {
  const scene = await given()
  const { client, device, defects } = clientOf(scene.server, scene.ann, options)
  await online(scene.server, client)
  const chat = client.chat(scene.chatId)
  return { ...scene, client, device, defects, chat }
}

/** Two tabs of one browser: the first one sends. */
async function tabs() {
  const scene = await given()
  const persist = sharedStore()
  const first = clientOf(scene.server, scene.ann, { persist })
  await online(scene.server, first.client)
  const second = clientOf(scene.server, scene.ann, { persist, device: scene.server.device(first.device) })
  await online(scene.server, second.client)
  const states = () =>
    [first, second].map(({ client }) => client.outbox.get().map(({ text, state, problem }) => [text, state, problem?.code]))
  return { ...scene, first, second, states }
}

describe('a key', () => {
  it('that waits already stands for the same message, and for no other', async () => {
    const { client, device, chat, ann, bob, server, clock } = await sending()
    device.setOnline(false)
    const refused: string[] = []
    client.on('refused', ({ key, problem }) => refused.push(`${key} ${problem.code}`))
    const handle = chat.send('Tea?', { key: 'k' })
    expect(chat.send(' Tea? ', { key: 'k' })).toBe(handle)
    const other = chat.send('Coffee?', { key: 'k' })
    expect(other.get()).toMatchObject({ status: 'failed', problem: { code: 'key-reused' } })
    expect(refused).toEqual(['k key-reused'])
    other.retry()
    expect(other.cancel()).toBe(true)
    expect([handle.get().status, other.get().status]).toEqual(['queued', 'failed'])
    const groupId = await ann.group('Others', [bob.id])
    expect(client.chat(groupId).send('Coffee?', { key: 'k' }).get()).toEqual({ status: 'queued' })
    device.setOnline(true)
    await clock.until(() => client.outbox.get().length === 0)
    expect([server.texts(chat.id), server.texts(groupId)]).toEqual([['Tea?'], ['Coffee?']])
  })
})

describe('what is waiting', () => {
  it('goes to eight chats at a time, and to each of them one after the other', async () => {
    const { server, ann, bob, client, clock } = await sending()
    const groups = await Promise.all(Array.from({ length: 10 }, (_, i) => ann.group(`group ${i}`, [bob.id])))
    await clock.advance(1_000)
    server.faults.latencyMs = [100, 100]
    for (const id of groups) for (const text of ['one', 'two']) client.chat(id).send(text)
    const states = () => client.outbox.get().map(({ text, state }) => `${text} ${state}`)
    const count = (line: string) => states().filter((state) => state === line).length
    await clock.advance(50)
    expect([count('one sending'), count('one queued'), count('two sending')]).toEqual([8, 2, 0])
    await clock.until(() => client.outbox.get().length === 0)
    for (const id of groups) expect(server.texts(id)).toEqual(['one', 'two'])
  })

  it('waits as a whole where the service asks for patience', async () => {
    const { server, ann, bob, client, chat, clock } = await sending()
    const groupId = await ann.group('Others', [bob.id])
    server.refuse('send_message', 'too-many-requests', { facts: { retryAfterMs: 7_000 } })
    chat.send('one')
    await clock.advance(1_000)
    client.chat(groupId).send('other')
    await clock.advance(5_000)
    expect(client.outbox.get().map(({ state }) => state)).toEqual(['queued', 'queued'])
    expect([server.texts(chat.id), server.texts(groupId)]).toEqual([[], []])
    await clock.advance(2_000)
    expect([server.texts(chat.id), server.texts(groupId)]).toEqual([['one'], ['other']])
  })

  it('waits longer after each failure, and for nothing once there is a new connection', async () => {
    const { server, device, chat, clock } = await sending()
    server.refuse('send_message', 'overloaded', { times: 7 })
    const times: number[] = []
    const handle = chat.send('later')
    handle.subscribe(() => handle.get().status === 'sending' && times.push(clock.now()))
    await clock.until(() => times.length === 7)
    const waits = times.slice(1).map((time, i) => time - times[i]!)
    expect(Math.max(...waits)).toBeGreaterThan(1_000)
    for (const [i, wait] of waits.entries()) expect(wait).toBeLessThanOrEqual(500 * 2 ** (i + 1) + 100)
    await clock.advance(20)
    expect(handle.get().status).toBe('queued')
    device.cut()
    await clock.until(() => handle.get().status === 'sending')
    expect(clock.now() - times[6]!).toBeLessThan(1_500)
  })

  it('may be taken back for as long as it is asked to stay', async () => {
    const { server, chat, clock } = await sending({ outbox: { undoMs: 5_000 } })
    const first = chat.send('one')
    await clock.advance(4_900)
    expect(first.cancel()).toBe(true)
    const second = chat.send('two')
    await clock.advance(4_900)
    expect(server.texts(chat.id)).toEqual([])
    await clock.advance(200)
    expect([server.texts(chat.id), second.get().status]).toEqual([['two'], 'sent'])
  })

  it('does not expire while it is young enough, nor once it has failed', async () => {
    const { server, client, device, chat, clock } = await sending({ outbox: { ageMs: 60_000 } })
    server.refuse('send_message', 'message-not-found')
    const failed = chat.send('failed')
    await clock.until(() => failed.get().status === 'failed')
    device.setOnline(false)
    const refused: string[] = []
    client.on('refused', ({ problem }) => refused.push(problem.code))
    const handle = chat.send('young')
    await clock.advance(59_000)
    device.setOnline(true)
    await clock.until(() => handle.get().status === 'sent')
    expect(failed.get()).toMatchObject({ problem: { code: 'message-not-found' } })
    expect(refused).toEqual([])
  })
})

describe('a store that fails', () => {
  const broken = (what: Partial<OutboxStore>) => async (): Promise<OutboxStore> => ({ ...(await memoryPersist()('ann')), ...what })
  const fails = () => Promise.reject(new Error('the disk is full'))

  it.each([
    ['storing a message', broken({ put: fails })],
    ['removing a message from the outbox', broken({ remove: fails })],
    ['opening the outbox', () => fails()],
  ])('is reported, and all is sent without it: %s', async (during, persist) => {
    const { server, chat, clock, defects } = await sending({ persist })
    const handle = chat.send('all the same')
    await clock.until(() => handle.get().status === 'sent')
    expect(server.texts(chat.id)).toEqual(['all the same'])
    await clock.advance(1_000)
    expect(defects).toMatchObject([{ during, error: { message: 'the disk is full' } }])
  })

  it('is reported when it cannot be read', async () => {
    const { defects } = await sending({ persist: broken({ load: fails }) })
    expect(defects).toMatchObject([{ during: 'opening the outbox', error: { message: 'the disk is full' } }])
  })

  it('is reported when tabs cannot take turns', async () => {
    const { server, ann, clock } = await given()
    const device = server.device()
    const platform = { ...device.platform, lock: fails as never }
    const { defects } = clientOf(server, ann, { device: { ...device, platform }, persist: sharedStore() })
    await clock.advance(1_000)
    expect(defects).toMatchObject([{ during: 'taking turns to send', error: { message: 'the disk is full' } }])
  })

  it('keeps nothing of what was taken back while it was being stored', async () => {
    const stored = new Map<string, unknown>()
    let go = () => {}
    const slow: OutboxStore = {
      load: async () => [],
      async put(entry) {
        await new Promise<void>((resolve) => (go = resolve))
        stored.set(entry.key, entry)
      },
      remove: async ({ key }) => void stored.delete(key),
    }
    const { server, chat, clock } = await sending({ persist: () => slow })
    expect(chat.send('oops').cancel()).toBe(true)
    go()
    await clock.advance(1_000)
    expect([stored.size, server.texts(chat.id)]).toEqual([0, []])
  })
})

describe('tabs that share an outbox', () => {
  it('show what one of them is sending, what was refused, and that it is tried again', async () => {
    const { server, first, second, chatId, clock, states } = await tabs()
    server.faults.latencyMs = [200, 200]
    server.refuse('send_message', 'message-not-found')
    const handle = second.client.chat(chatId).send('hello')
    await clock.advance(100)
    expect(states()).toEqual([[['hello', 'sending', undefined]], [['hello', 'sending', undefined]]])
    expect(handle.cancel()).toBe(false)
    await clock.until(() => handle.get().status === 'failed')
    const failed = [['hello', 'failed', 'message-not-found']]
    expect(states()).toEqual([failed, failed])
    first.device.setOnline(false)
    handle.retry()
    await clock.advance(100)
    const queued = [['hello', 'queued', undefined]]
    expect(states()).toEqual([queued, queued])
    first.device.setOnline(true)
    await clock.until(() => handle.get().status === 'sent')
    await clock.advance(1_000)
    expect([states(), server.texts(chatId)]).toEqual([[[], []], ['hello']])
  })

  it('show in each of them what was put back in the queue, and drop what one of them takes back', async () => {
    const { server, first, second, chatId, clock, states } = await tabs()
    server.refuse('send_message', 'too-many-requests', { facts: { retryAfterMs: 60_000 } })
    const handle = second.client.chat(chatId).send('hello')
    const seen: string[] = []
    handle.subscribe(() => seen.push(handle.get().status))
    await clock.advance(1_000)
    expect(seen).toEqual(['sending', 'queued'])
    expect(handle.cancel()).toBe(true)
    await clock.advance(100)
    expect(states()).toEqual([[], []])
    await clock.advance(120_000)
    expect(server.texts(chatId)).toEqual([])
    expect(first.defects).toEqual([])
  })

  it('do not take back what a tab that was closed may have sent', async () => {
    const { server, first, second, chatId, clock } = await tabs()
    server.faults.latencyMs = [200, 200]
    const handle = second.client.chat(chatId).send('hello')
    await clock.advance(100)
    expect(handle.get().status).toBe('sending')
    first.client.close()
    second.device.setOnline(false)
    await clock.advance(100)
    expect(handle.get().status).toBe('queued')
    expect(handle.cancel()).toBe(false)
    second.device.setOnline(true)
    await clock.until(() => handle.get().status === 'sent')
    expect(server.texts(chatId)).toEqual(['hello'])
  })

  it('send what a tab has left that nobody has told of, but do not take it back', async () => {
    const { server, ann, chatId, clock } = await given()
    const persist = sharedStore()
    const first = clientOf(server, ann, { persist })
    await online(server, first.client)
    const stranger = clientOf(server, ann, { persist })
    await online(server, stranger.client)
    stranger.device.setOnline(false)
    const { key } = stranger.client.chat(chatId).send('left')
    await clock.advance(100)
    stranger.client.close()
    const second = clientOf(server, ann, { persist, device: server.device(first.device) })
    second.device.setOnline(false)
    await clock.until(() => second.client.outbox.get().length === 1)
    const handle = second.client.chat(chatId).pending(key)!
    expect([handle.get().status, handle.cancel()]).toEqual(['queued', false])
    second.device.setOnline(true)
    first.client.close()
    await clock.until(() => handle.get().status === 'sent')
    expect(server.texts(chatId)).toEqual(['left'])
  })
})

describe('who waits for a message', () => {
  it('is not told before it is over, and is told at once when it is over already', async () => {
    const { device, chat, clock } = await sending()
    device.setOnline(false)
    const handle = chat.send('hello')
    let isTold = false
    void handle.settled().then(() => (isTold = true))
    await clock.advance(1_000)
    expect(isTold).toBe(false)
    handle.cancel()
    await clock.advance(1)
    expect(isTold).toBe(true)
    expect(await handle.settled()).toEqual({ status: 'cancelled' })
    await expect(handle.settled({ signal: AbortSignal.abort(new Error('never mind')) })).rejects.toThrow('never mind')
    expect(await chat.send('   ').settled()).toMatchObject({ problem: { code: 'text-empty', status: 422, type: '/problems/text-empty' } })
  })

  it('leaves nothing behind on the signal', async () => {
    const { chat, clock } = await sending()
    const stop = new AbortController()
    const { signal } = stop
    let listening = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    Object.assign(signal, {
      addEventListener: (...given: Parameters<typeof add>) => (listening++, add(...given)),
      removeEventListener: (...given: Parameters<typeof remove>) => (listening--, remove(...given)),
    })
    const settled = chat.send('hello').settled({ signal })
    expect(listening).toBe(1)
    await clock.advance(1_000)
    expect([(await settled).status, listening]).toEqual(['sent', 0])
  })
})

describe('the row of a message on its way', () => {
  it('is what the row of the sent message is', async () => {
    const { server, ann, bob, client, device, chat, chatId, clock } = await sending()
    const replyTo = await bob.send(chatId, 'question')
    chat.open()
    await clock.until(() => lines(client, chatId).length === 1)
    device.setOnline(false)
    const mentions = [{ kind: 'user' as const, userId: bob.id, start: 2, length: 4 }]
    const handle = chat.send('  @Bob **yes**', { replyTo, format: 'markdown', mentions, kind: 'poll' as never, data: { a: 1 } as never })
    const [, row] = chat.timeline.get().rows
    expect(chat.timeline.get().rows[1]).toBe(row)
    expect(row).toMatchObject({ state: 'queued', isMine: true, sender: { id: ann.id, name: 'Ann', username: 'ann' }, seq: undefined })
    device.setOnline(true)
    await clock.until(() => handle.get().status === 'sent' && lines(client, chatId)[1] === '@Bob **yes** (sent)')
    const sent = chat.timeline.get().rows[1]!
    const { key, sender, text, format, kind, data, attachments, version } = sent
    expect(row).toMatchObject({ key, sender, text, format, mentions: sent.mentions, kind, data, attachments, replyTo, version })
    expect(sent.mentions).toMatchObject([{ kind: 'user', userId: bob.id, start: 0, length: 4 }])
    expect(server.messages(chatId).at(-1)).toMatchObject({ replyTo, format: 'markdown', kind: 'poll', data: { a: 1 } })
  })
})
