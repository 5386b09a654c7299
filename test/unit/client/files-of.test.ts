import { describe, expect, it } from 'vitest'
import { filesOf, memoryUploads } from '../../../src/client/files.ts'
import { cell } from '../../../src/client/platform/store.ts'
import { virtualClock } from '../../../src/client/testing/clock.ts'
import type { ChatClient } from '../../../src/client/types.ts'
import { calls, settled } from './views.ts'

const TIME = '2030-01-01T00:00:00.000Z'
const wireFile = (id: string) => ({ id, name: 'a', size: 1, type: 'text/plain', kind: 'file', created_at: TIME })
const attached = (key: string, fileId?: string) => ({ upload: key, file: { id: fileId ?? key } })

/** The files of a client of which a test says what happens to it. */
function place({ persist = memoryUploads() } = {}) {
  const clock = virtualClock()
  const { asked, last, call } = calls()
  const outbox = cell<readonly { state: string; attachments: readonly object[] }[]>([])
  const heard = new Map<string, (given: never) => void>()
  const locks: string[] = []
  const fetched: { readonly url: string; readonly method: string }[] = []
  let made = 0
  const over = new AbortController()
  const inside = {
    url: 'https://chat.example',
    platform: {
      now: clock.now,
      later: clock.later,
      random: () => 0,
      newId: () => `key ${++made}`,
      lock: (name: string, work: () => Promise<void>) => {
        locks.push(name.replace('windi-chat upload ann ', ''))
        return work()
      },
      fetch: async (url: string, { method }: RequestInit) => {
        fetched.push({ url, method: method! })
        return method === 'POST' ? new Response(null, { status: 503 }) : new Response('{}')
      },
    },
    timers: { later: clock.later },
    ready: Promise.resolve(),
    me: () => 'ann',
    getToken: async () => 'token',
    over,
    emit: () => {},
    uploaded: () => {},
  }
  const on = (event: string, listener: (given: never) => void) => void heard.set(event, listener)
  const client = { inside, call, on, outbox } as unknown as ChatClient
  const files = filesOf(client, { persist })
  const tell = (event: string, given: object) => heard.get(event)!(given as never)
  const posts = () => fetched.filter(({ method }) => method === 'POST').length
  return { files, client, asked, last, outbox, tell, locks, fetched, posts, over, clock }
}
async function readable(): Promise<void> {
  for (let i = 0; i < 6; i++) {
    await new Promise((resolve) => setImmediate(resolve))
    await settled()
  }
}

describe('the files of a client', () => {
  it('are the same for the same client', () => {
    const { files, client } = place()
    expect(filesOf(client)).toBe(files)
  })

  it.each([
    ['a picture', new File(['a'], 'a.png', { type: 'image/png' }), { name: 'a.png', kind: 'image', type: 'image/png' }],
    ['a film', new File(['a'], 'a.mp4', { type: 'video/mp4' }), { name: 'a.mp4', kind: 'video', type: 'video/mp4' }],
    ['a sound', new Blob(['a'], { type: 'audio/ogg' }), { name: 'file', kind: 'audio', type: 'audio/ogg' }],
    ['a text', new File(['a'], '', { type: 'text/plain' }), { name: 'file', kind: 'file', type: 'text/plain' }],
    ['anything', new Blob(['a']), { name: 'file', kind: 'file', type: 'application/octet-stream' }],
  ])('show %s before the service has it', (_, blob, expected) => {
    const { files, clock } = place()
    const key = files.upload(blob)
    expect(key).toBe('key 1')
    expect(files.uploads.get().get(key)).toMatchObject({ status: 'waiting', size: 1, sent: 0, name: expected.name })
    expect(files.attach(key, { alt: 'An A' })).toEqual({
      alt: 'An A',
      upload: key,
      fileId: undefined,
      file: {
        id: key,
        size: 1,
        createdAt: clock.now(),
        width: undefined,
        height: undefined,
        thumbhash: undefined,
        ...expected,
      },
    })
  })

  it('take what is said of a file, and a key once', () => {
    const { files } = place()
    const given = { key: 'own', name: 'b', type: 'x/y', kind: 'image' as const, width: 3, height: 4, thumbhash: 'th' }
    expect([files.upload(new Blob(['a']), given), files.upload(new Blob(['abc']), { key: 'own' })]).toEqual(['own', 'own'])
    expect(files.uploads.get().get('own')).toMatchObject({
      size: 1,
      file: { name: 'b', type: 'x/y', kind: 'image', width: 3, thumbhash: 'th' },
    })
    expect(files.uploads.get().size).toBe(1)
  })

  it('of an upload that is not known cannot be attached', () => {
    expect(() => place().files.attach('none')).toThrow(new TypeError('windi-chat: there is no such upload'))
  })

  it('are uploaded once they are stored, unless they were discarded by then', async () => {
    const { files, locks } = place()
    files.upload(new Blob(['a']), { key: 'a' })
    files.upload(new Blob(['b']), { key: 'b' })
    files.discard('b')
    expect(locks).toEqual([])
    await readable()
    expect(locks).toEqual(['a'])
  })

  it('are tried again with a connection, and no sooner by its loss', async () => {
    const { files, posts, tell } = place()
    files.upload(new Blob(['a']), { key: 'a' })
    await readable()
    const address = files.address('f')
    address.subscribe(() => {})
    await readable()
    expect(posts()).toBe(1)
    tell('connection', { status: 'offline' })
    await readable()
    expect(posts()).toBe(1)
    tell('connection', { status: 'online' })
    await readable()
    expect(posts()).toBe(2)
  })

  it('have addresses asked for again with a connection', async () => {
    const { files, asked, last, tell } = place()
    files.address('f').subscribe(() => {})
    await settled()
    await last().fail()
    tell('connection', { status: 'connecting' })
    await settled()
    expect(asked).toHaveLength(1)
    tell('connection', { status: 'online' })
    await settled()
    expect(asked).toHaveLength(2)
  })

  it('that failed wait, and are tried again when that is wanted', async () => {
    const { files, locks, client } = place()
    const blob = Object.assign(new Blob(['a']), { slice: () => ({ arrayBuffer: () => Promise.reject(new Error('changed')) }) })
    files.upload(blob, { key: 'a' })
    await readable()
    expect(files.uploads.get().get('a')).toMatchObject({ status: 'failed', problem: { code: 'file-missing' } })
    files.retry('a')
    expect(files.uploads.get().get('a')).toMatchObject({ status: 'waiting', problem: undefined })
    await readable()
    expect([locks, client.inside.over.signal.aborted]).toEqual([['a', 'a'], false])
  })

  it('go on in the next run, if they are not done', async () => {
    const persist = memoryUploads()
    const store = await persist('ann')
    const looks = { id: 'a', name: 'a', size: 1, type: '', kind: 'file', createdAt: 0 } as never
    const { clock } = place()
    const record = { name: 'a', at: clock.now(), looks, blob: new Blob(['a']), uploadId: undefined }
    await store.put({ ...record, key: 'a', file: undefined })
    await store.put({ ...record, key: 'b', file: { id: 'made' } as never })
    const { files, locks } = place({ persist })
    await readable()
    expect([locks, [...files.uploads.get()].map(([key, { status }]) => `${key} ${status}`)]).toEqual([['a'], ['a waiting', 'b done']])
  })
})

describe('messages with files', () => {
  it('have them uploaded while they are queued, and not those that have their file', async () => {
    const { outbox, locks, files } = place()
    await readable()
    for (const key of ['a', 'b', 'c']) files.upload(new Blob(['a']), { key })
    await readable()
    files.discard('c')
    locks.length = 0
    outbox.set([
      { state: 'queued', attachments: [attached('x'), attached('y', 'made')] },
      { state: 'failed', attachments: [attached('z')] },
      { state: 'queued', attachments: [{ fileId: 'other', file: { id: 'other' } }] },
    ])
    await readable()
    expect(locks).toEqual(['x'])
  })

  it('that are gone take their uploads with them: those that were sent keep their file', async () => {
    const { outbox, files, fetched, tell } = place()
    await readable()
    for (const key of ['a', 'b']) files.upload(new Blob(['a']), { key })
    await readable()
    outbox.set([
      { state: 'queued', attachments: [attached('a')] },
      { state: 'queued', attachments: [attached('b')] },
    ])
    outbox.set([{ state: 'queued', attachments: [attached('b')] }])
    expect([...files.uploads.get().keys()]).toEqual(['b'])
    tell('sent', { message: { attachments: [{ file: { id: 'made' } }] } })
    outbox.set([])
    await readable()
    expect([files.uploads.get().size, fetched.filter(({ method }) => method === 'DELETE').length]).toEqual([0, 0])
  })

  it('are followed until the client ends', async () => {
    const { outbox, locks, over } = place()
    await readable()
    over.abort(new Error('closed'))
    outbox.set([{ state: 'queued', attachments: [attached('x')] }])
    await readable()
    expect(locks).toEqual([])
  })
})

describe('what is asked about files', () => {
  it('names the chat and the file, and who may stop it', async () => {
    const { files, asked } = place()
    const { signal } = new AbortController()
    const page = files.ofChat('chat', { signal, kind: 'image', limit: 5 } as never)
    void files.setAvatar('chat', 'f', { signal })
    void files.setAvatar('chat', undefined)
    const file = files.get('f', { signal })
    await settled()
    expect(asked.map(({ given }) => given)).toEqual([
      { params: { chat_id: 'chat' }, query: { kind: 'image', limit: 5 }, signal },
      { params: { chat_id: 'chat' }, body: { avatar: 'f' }, signal },
      { params: { chat_id: 'chat' }, body: { avatar: null }, signal: undefined },
      { params: { file_id: 'f' }, signal },
    ])
    await asked[0]!.answer({ items: [{ message_id: 'm', message_seq: 3, sender_id: 'ann', file: wireFile('f') }], next: null })
    await asked[3]!.answer(wireFile('f'))
    expect((await page).items).toMatchObject([{ messageId: 'm', messageSeq: 3, senderId: 'ann', file: { id: 'f' } }])
    expect(await file).toMatchObject({ id: 'f', createdAt: Date.parse(TIME) })
  })
})
