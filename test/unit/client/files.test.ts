import { describe, expect, it } from 'vitest'
import { type AddressState, type Files, filesOf, memoryUploads } from '../../../src/client/files.ts'
import { type ChatClient, memoryPersist, type Row } from '../../../src/client/index.ts'
import type { FakeServer } from '../../../src/testing.ts'
import { clientOf, given, lines, online } from './given.ts'

function bytes(size: number, seed = 1): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size)
  for (let i = 0; i < size; i++) all[i] = i * 31 + seed * 17 + (i >> 8)
  return all
}
const blobOf = (size: number, seed = 1) => new Blob([bytes(size, seed)])

/** A running client in its chat, with its files. */
async function inChat(options: Parameters<typeof given>[0] = {}) {
  const all = await given(options)
  const stores = { persist: memoryPersist(), uploads: memoryUploads() }
  const open = (device?: ReturnType<FakeServer['device']>) => {
    const { client, ...rest } = clientOf(all.server, all.ann, { persist: stores.persist, ...(device && { device }) })
    const files = filesOf(client, { persist: stores.uploads })
    const chat = client.chat(all.chatId)
    chat.open()
    return { client, files, chat, ...rest }
  }
  const first = open()
  await online(all.server, first.client)
  return { ...all, ...first, stores, open }
}

const rows = (client: ChatClient, chatId: string): readonly Row[] => client.chat(chatId).timeline.get().rows
const upload = (files: Files, key: string) => files.uploads.get().get(key)

/** The bytes of a file, as whoever has its address gets them. */
async function read(server: FakeServer, files: Files, fetch: typeof globalThis.fetch, fileId: string): Promise<Uint8Array> {
  const store = files.address(fileId)
  const stop = store.subscribe(() => {})
  await server.clock.until(() => store.get().status !== 'loading')
  stop()
  const address = store.get() as Extract<AddressState, { status: 'ready' }>
  const answer = fetch(address.url)
  await server.clock.advance(100)
  return new Uint8Array(await (await answer).arrayBuffer())
}

describe('a message with files', () => {
  it('is on screen at once, waits for its uploads, and holds up no later one', async () => {
    const { server, client, files, chat, chatId, clock, defects } = await inChat()
    server.delay('createUpload', 5_000)
    const key = files.upload(blobOf(400_000), { name: 'a.bin', width: 3, height: 4 })
    const handle = chat.send('', { attachments: [files.attach(key, { alt: 'An A' })] })
    chat.send('later')
    expect(rows(client, chatId)[0]).toMatchObject({
      state: 'queued',
      attachments: [{ alt: 'An A', upload: key, file: { name: 'a.bin', width: 3 } }],
    })
    await clock.until(() => lines(client, chatId).includes('later (sent)'))
    expect(handle.get().status).toBe('queued')
    await clock.until(() => handle.get().status === 'sent')
    expect(
      server.messages(chatId).map(({ text, attachments }) => [text, attachments.map(({ file, alt }) => [file.name, file.size, alt])]),
    ).toEqual([
      ['later', []],
      ['', [['a.bin', 400_000, 'An A']]],
    ])
    await clock.until(() => files.uploads.get().size === 0)
    expect(defects).toEqual([])
  })

  it('brings every byte once and in order, however often the connection is cut', async () => {
    const { server, device, client, files, chat, chatId, clock } = await inChat({ seed: 5 })
    server.faults.cutBytes = 0.5
    server.faults.answerLoss = 0.2
    const sizes = [0, 1, 200_000, 262_145, 3_000_000]
    const keys = sizes.map((size, i) => files.upload(blobOf(size, i), { name: `${i}` }))
    const handle = chat.send('all', { attachments: keys.map((key) => files.attach(key)) })
    await clock.until(() => keys.every((key) => upload(files, key)?.status === 'done'))
    server.faults.cutBytes = server.faults.answerLoss = 0
    await clock.until(() => handle.get().status === 'sent')
    const [message] = server.messages(chatId)
    expect(message!.attachments.map(({ file }) => [file.name, file.size])).toEqual(sizes.map((size, i) => [`${i}`, size]))
    for (const [i, { file }] of message!.attachments.entries())
      expect(Buffer.compare(await read(server, files, device.platform.fetch as never, file.id), bytes(sizes[i]!, i))).toBe(0)
    expect(client.outbox.get()).toEqual([])
  })

  it('goes on after a reload from where it was', async () => {
    const { server, client, files, chat, chatId, clock, open } = await inChat()
    const key = files.upload(blobOf(5_000_000), { name: 'big' })
    chat.send('with a file', { attachments: [files.attach(key)] })
    await clock.until(() => upload(files, key)!.sent > 1_000_000)
    const before = upload(files, key)!.sent
    client.close()
    const again = open()
    const seen: number[] = []
    again.files.uploads.subscribe(() => seen.push(upload(again.files, key)?.sent ?? 0))
    expect(lines(again.client, chatId)).toEqual([])
    await clock.until(() => server.texts(chatId).includes('with a file'))
    expect(seen.filter((sent) => sent > 0)[0]).toBeGreaterThanOrEqual(before)
    expect(server.messages(chatId)[0]!.attachments[0]!.file.size).toBe(5_000_000)
    await clock.until(() => again.files.uploads.get().size === 0)
  })

  it('is written and reloaded without a network, and arrives once there is one', async () => {
    const { server, client, device, files, chat, chatId, clock, open } = await inChat()
    device.setOnline(false)
    const key = files.upload(blobOf(10), { name: 'note' })
    chat.send('offline', { attachments: [files.attach(key)] })
    await clock.advance(120_000)
    client.close()
    const again = open(device)
    await clock.advance(60_000)
    expect(again.client.outbox.get().map(({ text, state }) => `${text} ${state}`)).toEqual(['offline queued'])
    device.setOnline(true)
    await clock.until(() => server.texts(chatId).includes('offline'))
    expect(server.messages(chatId)).toHaveLength(1)
  })

  it('fails with what the upload was refused for, and tries again', async () => {
    const { server, client, files, chat, chatId, clock } = await inChat()
    server.refuse('uploadFile', 'quota-full', { facts: { limit: 5 } })
    const key = files.upload(blobOf(10), { name: 'note' })
    const handle = chat.send('', { attachments: [files.attach(key)] })
    await clock.until(() => handle.get().status === 'failed')
    expect(rows(client, chatId)[0]).toMatchObject({ state: 'failed', problem: { code: 'quota-full' } })
    expect(upload(files, key)).toMatchObject({ status: 'failed', problem: { code: 'quota-full' } })
    handle.retry()
    await clock.until(() => handle.get().status === 'sent')
  })

  it('takes its uploads along when it is cancelled', async () => {
    const { server, device, files, chat, clock, client, stores, ann } = await inChat()
    device.setOnline(false)
    const key = files.upload(blobOf(600_000), { name: 'note' })
    const handle = chat.send('', { attachments: [files.attach(key)] })
    await clock.advance(1_000)
    expect(handle.cancel()).toBe(true)
    await clock.advance(1_000)
    device.setOnline(true)
    await clock.advance(60_000)
    expect(client.outbox.get()).toEqual([])
    expect(files.uploads.get().size).toBe(0)
    expect(await (await stores.uploads(ann.id)).load()).toEqual([])
    expect(server.messages(chat.id)).toEqual([])
  })

  it('whose bytes were too large to be stored fails after a reload, and says why', async () => {
    const { server, ann, chatId, clock, stores, device, client } = await inChat()
    client.close()
    const open = () => {
      const made = clientOf(server, ann, { persist: stores.persist, device })
      return { ...made, files: filesOf(made.client, { persist: stores.uploads, storedBytes: 5 }) }
    }
    device.setOnline(false)
    const first = open()
    const key = first.files.upload(blobOf(10))
    first.client.chat(chatId).send('', { attachments: [first.files.attach(key)] })
    await clock.advance(1_000)
    first.client.close()
    const second = open()
    await clock.until(() => second.client.outbox.get()[0]?.state === 'failed')
    expect(second.client.outbox.get()[0]!.problem!.code).toBe('file-missing')
    expect(upload(second.files, key)).toMatchObject({ status: 'failed', problem: { code: 'file-missing' } })
  })
})

describe('tabs of one browser', () => {
  it('upload once, and the second goes on when the first is closed', async () => {
    const { server, ann, chatId, clock, stores } = await given2()
    const firstTab = server.device()
    const first = tab(firstTab)
    const second = tab(server.device(firstTab))
    await online(server, first.client)
    await online(server, second.client)
    const key = first.files.upload(blobOf(5_000_000), { name: 'big' })
    first.client.chat(chatId).send('shared', { attachments: [first.files.attach(key)] })
    await clock.until(() => upload(first.files, key)!.sent > 500_000)
    await clock.until(() => second.client.outbox.get().length === 1)
    expect(second.client.outbox.get()[0]!.state).toBe('queued')
    first.client.close()
    await clock.until(() => server.texts(chatId).includes('shared'))
    await clock.until(() => second.client.outbox.get().length === 0)
    expect(server.messages(chatId)).toHaveLength(1)

    function tab(device: ReturnType<FakeServer['device']>) {
      const persist = async (userId: string) => ({ ...(await stores.persist(userId)), sharedAs: 'outbox' })
      const { client } = clientOf(server, ann, { device, persist })
      return { client, files: filesOf(client, { persist: stores.uploads }) }
    }
  })

  async function given2() {
    return { ...(await given()), stores: { persist: memoryPersist(), uploads: memoryUploads() } }
  }
})

describe('uploads without a message', () => {
  it('can be discarded, before and after they are done', async () => {
    const { server, ann, files, clock, stores, client } = await inChat()
    const done = files.upload(blobOf(10), { name: 'done' })
    await clock.until(() => upload(files, done)?.status === 'done')
    const { id } = upload(files, done)!.file
    expect(files.blob(id)!.size).toBe(10)
    files.discard(done)
    await clock.advance(1_000)
    await expect(settled(server, files.get(id))).rejects.toMatchObject({ code: 'file-not-found' })
    const begun = files.upload(blobOf(5_000_000), { name: 'begun' })
    await clock.until(() => upload(files, begun)!.sent > 0)
    files.discard(begun)
    await clock.advance(60_000)
    expect(files.uploads.get().size).toBe(0)
    expect(await (await stores.uploads(ann.id)).load()).toEqual([])
    client.close()
  })
})

async function settled<T>(server: FakeServer, work: Promise<T>): Promise<T> {
  work.catch(() => {})
  await server.clock.advance(1_000)
  return work
}

describe('addresses', () => {
  it('come by one call for a screen, are renewed before they end, and are gone for what may not be read', async () => {
    const { server, ann, chatId, clock, client, files, bob, chat } = await inChat()
    const keys = [1, 2, 3].map((seed) => files.upload(blobOf(10, seed), { name: String(seed) }))
    const handle = chat.send('three', { attachments: keys.map((key) => files.attach(key)) })
    await clock.until(() => handle.get().status === 'sent')
    const ids = server.messages(chatId)[0]!.attachments.map(({ file }) => file.id)
    const device = server.device()
    const calls: string[] = []
    const fetch = ((url: string, init: RequestInit) => {
      if (url.endsWith('/files/urls')) calls.push(url)
      return device.platform.fetch(url, init)
    }) as never
    const other = clientOf(server, bob, { device, fetch }).client
    await online(server, other)
    const theirs = filesOf(other)
    const stores = ids.map((id) => theirs.address(id))
    const changes: string[] = []
    const stops = stores.map((store) => store.subscribe(() => changes.push(store.get().status)))
    await clock.until(() => stores.every((store) => store.get().status === 'ready'))
    expect(calls).toHaveLength(1)
    const first = stores[0]!.get() as Extract<AddressState, { status: 'ready' }>
    await clock.advance(first.expiresAt - clock.now() - 61_000)
    expect(calls).toHaveLength(1)
    await clock.advance(30_000)
    expect(calls).toHaveLength(2)
    expect((stores[0]!.get() as typeof first).expiresAt).toBeGreaterThan(first.expiresAt)
    for (const stop of stops) stop()
    await clock.advance(3_600_000)
    expect(calls).toHaveLength(2)
    await ann.remove(chatId, server.messages(chatId)[0]!.id)
    const stop = stores[0]!.subscribe(() => {})
    await clock.until(() => stores[0]!.get().status === 'gone')
    stop()
    expect(client.connection.get().status).toBe('online')
  })

  it('lists the files of a chat', async () => {
    const { server, files, chat, clock } = await inChat()
    const key = files.upload(new Blob(['OggS']), { name: 'voice' })
    const handle = chat.send('', { attachments: [files.attach(key, { durationMs: 1_000, waveform: [1, 2, 3] })] })
    await clock.until(() => handle.get().status === 'sent')
    const page = await settled(server, files.ofChat(chat.id, { kind: 'audio' }))
    expect(page.items).toMatchObject([{ file: { name: 'voice', kind: 'audio' } }])
    expect((await settled(server, files.ofChat(chat.id, { kind: 'image' }))).items).toEqual([])
  })
})
