import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { File, FileUrl, SharedFile } from '../../../src/adapters/wire/schemas/files.ts'
import type { Message } from '../../../src/adapters/wire/schemas/messages.ts'
import type { Problem } from '../../../src/adapters/wire/schemas/service.ts'
import { databases, freshDatabase } from '../../support/databases.ts'
import type { SignedInClient } from '../../support/http-client.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'
import { lookOf, pictureOf } from '../../support/pictures.ts'

const stores: Readonly<Record<string, () => Promise<{ readonly url: string; drop(): Promise<unknown> }>>> = {
  memory: async () => ({ url: 'memory:', drop: async () => {} }),
  ...(databases.includes('sqlite') && { sqlite: async () => ({ url: 'sqlite::memory:', drop: async () => {} }) }),
  ...(databases.includes('postgres') && { postgres: () => freshDatabase() }),
}

const KIB = 1_024
const SMALL = { type: 'png', width: 40, height: 30, orientation: 1, hasIcc: false } as const

describe.each(Object.entries(stores))('files on %s', (_, openStore) => {
  let server: HttpServed
  let place: Awaited<ReturnType<typeof openStore>>
  let [anna, boris, carla]: SignedInClient[] = []
  beforeAll(async () => {
    place = await openStore()
    server = await serveHttp({}, { databaseUrl: place.url, files: { kind: 'memory' }, fileLimit: 200 * KIB, fileQuota: 1_000 * KIB })
  })
  beforeAll(async () => {
    ;[anna, boris, carla] = await Promise.all(['Anna', 'Boris', 'Carla'].map((name) => server.register(name)))
  })
  afterAll(async () => {
    await server.close()
    await place.drop()
  })

  const at = (path: string) => `${server.url}/api/v1${path}`
  const as = ({ token }: SignedInClient, headers: Readonly<Record<string, string>> = {}) => ({
    authorization: `Bearer ${token}`,
    ...headers,
  })
  async function upload(who: SignedInClient, bytes: Uint8Array | string, query = '?name=x.bin') {
    const response = await fetch(at(`/files${query}`), { method: 'POST', headers: as(who), body: bytes as BodyInit })
    return { status: response.status, body: (await response.json()) as File & Problem }
  }
  const stored = async (who: SignedInClient, bytes: Uint8Array | string = randomBytes(20), query?: string) => {
    const { status, body } = await upload(who, bytes, query)
    expect(status).toBe(201)
    return body as File
  }
  const chatOf = async (owner: SignedInClient, ...members: SignedInClient[]) =>
    (await owner.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'G', member_ids: members.map(({ id }) => id) })).body.id
  const send = (who: SignedInClient, chatId: string, content: object) =>
    who.call<Message & Problem>('post', `/chats/${chatId}/messages`, { client_message_id: randomUUID(), ...content })
  const attach = (file: File, more: object = {}) => ({ attachments: [{ file_id: file.id, ...more }] })
  const canRead = async (who: SignedInClient, { id }: File) => {
    const { status } = await who.call('get', `/files/${id}`)
    const urls = await who.call<{ items: FileUrl[] }>('post', '/files/urls', { file_ids: [id] })
    const content = await fetch(at(`/files/${id}/content`), { headers: as(who) })
    await content.arrayBuffer()
    expect([urls.body.items.length > 0, content.status === 200]).toEqual([status === 200, status === 200])
    return status === 200
  }

  it('are pictures of users: their own, for all to read, until there is another one', async () => {
    const picture = await stored(anna!, await pictureOf(SMALL))
    const text = await stored(anna!, 'no picture')
    const change = (who: SignedInClient, avatar: string | null) =>
      who.call<{ avatar: string | null } & Problem>('patch', '/users/me', { avatar })
    expect((await change(boris!, picture.id)).body.code).toBe('file-not-found')
    expect((await change(anna!, text.id)).body).toMatchObject({ code: 'invalid', errors: [{ pointer: '/avatar' }] })
    expect((await change(anna!, picture.id)).body.avatar).toBe(picture.id)
    expect((await carla!.call<{ avatar: string }>('get', `/users/${anna!.id}`)).body.avatar).toBe(picture.id)
    expect(await canRead(carla!, picture)).toBe(true)
    expect((await anna!.call<Problem>('delete', `/files/${picture.id}`)).body.code).toBe('file-in-use')
    expect((await change(anna!, null)).body.avatar).toBeNull()
    expect(await canRead(carla!, picture)).toBe(false)
  })

  it('are pictures of groups: set by staff, for members to read', async () => {
    const chatId = await chatOf(anna!, boris!)
    const picture = await stored(anna!, await pictureOf(SMALL))
    const change = (who: SignedInClient, avatar: string | null) =>
      who.call<{ avatar: string | null } & Problem>('patch', `/chats/${chatId}`, { avatar })
    expect((await change(boris!, picture.id)).body.code).toBe('not-allowed')
    expect((await change(anna!, randomUUID())).body.code).toBe('file-not-found')
    expect((await change(anna!, picture.id)).body.avatar).toBe(picture.id)
    expect((await change(anna!, picture.id)).status).toBe(200)
    expect([await canRead(boris!, picture), await canRead(carla!, picture)]).toEqual([true, false])
    const { body } = await boris!.call<{ items: { type: string; avatar?: string }[] }>('get', `/chats/${chatId}/events`)
    expect(body.items.filter(({ type }) => type === 'chat.avatar_changed')).toMatchObject([{ avatar: picture.id }])
    expect((await change(anna!, null)).body.avatar).toBeNull()
    expect(await canRead(boris!, picture)).toBe(false)
  })

  it('come as bytes and are read again, byte for byte', async () => {
    const bytes = randomBytes(100 * KIB)
    const file = await stored(anna!, bytes, `?name=${encodeURIComponent('C:\\Users\\x\\Отчёт 1.bin')}`)
    expect(file).toEqual({
      id: expect.any(String),
      name: 'Отчёт 1.bin',
      size: 100 * KIB,
      type: 'application/octet-stream',
      kind: 'file',
      width: null,
      height: null,
      thumbhash: null,
      created_at: expect.any(String),
    })
    expect((await anna!.call<File>('get', `/files/${file.id}`)).body).toEqual(file)
    const content = await fetch(at(`/files/${file.id}/content`), { headers: as(anna!) })
    expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true)
    expect(Object.fromEntries(content.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': String(100 * KIB),
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-cache',
      'accept-ranges': 'bytes',
      'content-disposition': `attachment; filename="_____ 1.bin"; filename*=UTF-8''${encodeURIComponent('Отчёт 1.bin')}`,
    })
  })

  it('come as a form with one file', async () => {
    const form = (...names: string[]) => {
      const data = new FormData()
      data.append('note', 'ignored')
      for (const name of names) data.append(name, new Blob(['hello']), '../../etc/passwd')
      return data
    }
    const post = async (body: FormData) => {
      const response = await fetch(at('/files'), { method: 'POST', headers: as(anna!), body })
      return { status: response.status, body: (await response.json()) as File & Problem }
    }
    expect(await post(form('file'))).toMatchObject({ status: 201, body: { name: 'passwd', size: 5 } })
    for (const wrong of [form(), form('other'), form('file', 'file')])
      expect(await post(wrong)).toMatchObject({ status: 422, body: { code: 'invalid', errors: [{ pointer: '/file' }] } })
    const big = new FormData()
    big.append('file', new Blob([randomBytes(900 * KIB)]), 'big')
    expect(await post(big)).toMatchObject({ status: 413, body: { code: 'too-large', limit: 200 * KIB } })
  })

  it.each([
    ['?name=', '/name'],
    ['', '/name'],
    ['?name=..', '/name'],
    ['?name=a%0Ab', '/name'],
    ['?name=a%E2%80%AEgpj.exe', '/name'],
    [`?name=${'x'.repeat(256)}`, '/name'],
    ['?name=x&client_file_id=', '/client_file_id'],
    ['?name=x&more=1', '/more'],
  ])('are refused with the query %s', async (query, pointer) => {
    expect(await upload(anna!, 'x', query)).toMatchObject({ status: 422, body: { code: 'invalid', errors: [{ pointer }] } })
  })

  it('are stored once for a key, and the key brings the same bytes', async () => {
    const query = `?name=a&client_file_id=${randomUUID()}`
    const first = await stored(anna!, 'same', query)
    expect(await upload(anna!, 'same', query)).toEqual({ status: 200, body: first })
    expect(await upload(anna!, 'other', query)).toMatchObject({ status: 409, body: { code: 'key-reused' } })
    expect((await stored(boris!, 'other', query)).id).not.toBe(first.id)
    const many = await Promise.all(Array.from({ length: 5 }, () => upload(anna!, 'at once', `${query}2`)))
    expect(new Set(many.map(({ body }) => body.id)).size).toBe(1)
    expect(many.filter(({ status }) => status === 201)).toHaveLength(1)
  })

  it('that are cut off leave nothing, and are no defect', async () => {
    const dora = await server.register('Dora')
    for (let i = 0; i < 3; i++) {
      const cut = new AbortController()
      async function* bytes() {
        yield randomBytes(50 * KIB)
        cut.abort()
        yield randomBytes(50 * KIB)
      }
      const init = { method: 'POST', headers: as(dora), body: bytes() as unknown as BodyInit, duplex: 'half', signal: cut.signal }
      await expect(fetch(at('/files?name=x&client_file_id=cut'), init as RequestInit)).rejects.toThrow('aborted')
    }
    expect((await upload(dora, 'whole', '?name=x&client_file_id=cut')).status).toBe(201)
    expect(server.defects).toEqual([])
  })

  it('are refused above the limit of one file and of one person', async () => {
    const dora = await server.register('Dora')
    expect(await upload(dora, randomBytes(200 * KIB + 1))).toMatchObject({ status: 413, body: { code: 'too-large', limit: 200 * KIB } })
    const all = await Promise.all(Array.from({ length: 8 }, () => upload(dora, randomBytes(200 * KIB))))
    expect(all.filter(({ status }) => status === 201)).toHaveLength(5)
    expect(all.find(({ status }) => status !== 201)).toMatchObject({ status: 413, body: { code: 'quota-full', limit: 1_000 * KIB } })
  })

  it('are pictures with previews and without what tells of the person', async () => {
    const made = await pictureOf({ type: 'jpeg', width: 60, height: 40, orientation: 6, hasIcc: true })
    const file = await stored(anna!, made, '?name=p.jpg')
    expect(file).toMatchObject({
      type: 'image/jpeg',
      kind: 'image',
      width: 40,
      height: 60,
      thumbhash: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
    })
    const { body } = await anna!.call<{ items: FileUrl[] }>('post', '/files/urls', { file_ids: [file.id, randomUUID()] })
    expect(body.items).toHaveLength(1)
    const { url, preview_url, thumb_url, expires_at } = body.items[0]!
    const lasts = Date.parse(expires_at) - Date.now()
    expect([lasts > 600_000, lasts <= 1_200_000]).toEqual([true, true])
    const open = await fetch(server.url + url)
    expect(open.headers.get('content-disposition')).toMatch(/^inline; /)
    expect(open.headers.get('cache-control')).toMatch(/^private, max-age=\d+$/)
    const kept = Buffer.from(await open.arrayBuffer())
    expect([kept.includes('Secret camera'), kept.length === file.size]).toEqual([false, true])
    expect(await lookOf(kept)).toEqual(await lookOf(made))
    for (const small of [preview_url, thumb_url]) {
      const response = await fetch(server.url + small!)
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/webp'])
      expect(await lookOf(Buffer.from(await response.arrayBuffer()))).toMatchObject({ width: 40, height: 60 })
    }
    for (const wrong of [
      url.replace(/s=./, 's=_'),
      url.replace(/e=\d/, 'e=9'),
      url.replace('?', '?v=thumb&'),
      thumb_url!.replace('v=thumb&', ''),
    ])
      expect([wrong, (await fetch(server.url + wrong)).status]).toEqual([wrong, 404])
  })

  it('that are broken or claim to be something else are plain files', async () => {
    const jpeg = await pictureOf({ type: 'jpeg', width: 60, height: 40, orientation: 1, hasIcc: false })
    for (const [bytes, type] of [
      [jpeg.subarray(0, jpeg.length / 2), 'application/octet-stream'],
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), 'application/octet-stream'],
      [Buffer.from('<!doctype html><script>alert(1)</script>'), 'application/octet-stream'],
      [Buffer.from('%PDF-1.7'), 'application/pdf'],
    ] as const) {
      const file = await stored(anna!, bytes, '?name=photo.jpg')
      expect(file).toMatchObject({ type, kind: 'file', width: null })
      const content = await fetch(at(`/files/${file.id}/content`), { headers: as(anna!) })
      expect(content.headers.get('content-disposition')).toMatch(/^attachment; /)
      await content.arrayBuffer()
    }
  })

  it('are read in ranges, and not again if they are there', async () => {
    const bytes = randomBytes(1_000)
    const { id } = await stored(anna!, bytes)
    const ask = async (headers: Readonly<Record<string, string>>, method = 'GET') => {
      const response = await fetch(at(`/files/${id}/content`), { method, headers: as(anna!, headers) })
      const { status, headers: got } = response
      return { status, got, body: Buffer.from(await response.arrayBuffer()) }
    }
    const whole = await ask({})
    const etag = whole.got.get('etag')!
    for (const [range, first, last] of [
      ['0-0', 0, 0],
      ['0-999', 0, 999],
      ['10-', 10, 999],
      ['-10', 990, 999],
      ['-5000', 0, 999],
      ['990-2000', 990, 999],
    ] as const) {
      const { status, got, body } = await ask({ range: `bytes=${range}` })
      expect([range, status, got.get('content-range')]).toEqual([range, 206, `bytes ${first}-${last}/1000`])
      expect(body.equals(bytes.subarray(first, last + 1))).toBe(true)
      expect([got.get('content-security-policy'), got.get('content-length')]).toEqual([
        "default-src 'none'; sandbox",
        String(last - first + 1),
      ])
    }
    for (const range of ['bytes=1000-', 'bytes=-0', 'bytes=5000-6000']) {
      const { status, got, body } = await ask({ range })
      expect([range, status, got.get('content-range'), body.length]).toEqual([range, 416, 'bytes */1000', 0])
    }
    for (const range of ['bytes=0-1,5-6', 'bytes=5-1', 'bytes=a-b', 'lines=1-2'])
      expect([range, (await ask({ range })).status]).toEqual([range, 200])
    expect((await ask({ 'if-none-match': `"x", ${etag}` })).status).toBe(304)
    expect((await ask({ 'range': 'bytes=0-1', 'if-range': etag })).status).toBe(206)
    expect((await ask({ 'range': 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200)
    const head = await ask({}, 'HEAD')
    expect([head.status, head.got.get('content-length'), head.body.length]).toEqual([200, '1000', 0])
  })

  it('may be read by whoever has a present message with them', async () => {
    const chatId = await chatOf(anna!, boris!, carla!)
    const file = await stored(anna!)
    expect([await canRead(anna!, file), await canRead(boris!, file)]).toEqual([true, false])
    const sent = await send(anna!, chatId, attach(file, { alt: 'a harbour', duration_ms: 5, waveform: [0, 100] }))
    expect(sent).toMatchObject({
      status: 201,
      body: { text: '', attachments: [{ file, alt: 'a harbour', duration_ms: 5, waveform: [0, 100] }] },
    })
    expect([await canRead(boris!, file), await canRead(carla!, file)]).toEqual([true, true])
    await anna!.call('delete', `/chats/${chatId}/members/${carla!.id}`)
    expect(await canRead(carla!, file)).toBe(false)
    const elsewhere = await chatOf(boris!, carla!)
    const copy = await send(boris!, elsewhere, { forward: { chat_id: chatId, message_id: sent.body.id } })
    expect(copy.body.attachments).toEqual(sent.body.attachments)
    expect(await canRead(carla!, file)).toBe(true)
    await anna!.call('delete', `/chats/${chatId}/messages/${sent.body.id}`)
    expect([await canRead(boris!, file), await canRead(carla!, file)]).toEqual([true, true])
    expect(await anna!.call('delete', `/files/${file.id}`)).toMatchObject({ status: 409, body: { code: 'file-in-use' } })
    await boris!.call('delete', `/chats/${elsewhere}/messages/${copy.body.id}`)
    expect([await canRead(anna!, file), await canRead(boris!, file), await canRead(carla!, file)]).toEqual([true, false, false])
    expect((await boris!.call('delete', `/files/${file.id}`)).status).toBe(404)
    expect((await anna!.call('delete', `/files/${file.id}`)).status).toBe(204)
    expect(await anna!.call('delete', `/files/${file.id}`)).toMatchObject({
      status: 404,
      body: { code: 'file-not-found', file_ids: [file.id] },
    })
  })

  it('go with an edit and come with one, and nobody attaches those of others', async () => {
    const chatId = await chatOf(anna!, boris!)
    const [one, two, foreign] = [await stored(anna!), await stored(anna!), await stored(boris!)]
    const refused = await send(anna!, chatId, { text: 'x', attachments: [{ file_id: one.id }, { file_id: foreign.id }] })
    expect(refused).toMatchObject({ status: 404, body: { code: 'file-not-found', file_ids: [foreign.id] } })
    const { body: sent } = await send(anna!, chatId, attach(one))
    const edit = (change: object) => anna!.call<Message & Problem>('patch', `/chats/${chatId}/messages/${sent.id}`, change)
    expect((await edit({ attachments: [{ file_id: one.id }, { file_id: two.id }] })).body).toMatchObject({
      version: 2,
      attachments: [{ file: one }, { file: two }],
    })
    expect(await edit({ attachments: [{ file_id: foreign.id }] })).toMatchObject({
      status: 404,
      body: { code: 'file-not-found', file_ids: [foreign.id] },
    })
    expect(await edit({ attachments: [] })).toMatchObject({ status: 422, body: { code: 'text-empty' } })
    expect([await canRead(boris!, one), await canRead(boris!, two)]).toEqual([true, true])
    expect((await edit({ attachments: [{ file_id: two.id }] })).body.attachments).toHaveLength(1)
    expect([await canRead(boris!, one), await canRead(boris!, two)]).toEqual([false, true])
    expect((await edit({ text: 'words', attachments: [] })).status).toBe(200)
    expect(await canRead(boris!, two)).toBe(false)
  })

  it('are answered again for a key whose files are gone', async () => {
    const chatId = await chatOf(anna!, boris!)
    const file = await stored(anna!)
    const content = { client_message_id: randomUUID(), ...attach(file) }
    const { body: sent } = await send(anna!, chatId, content)
    await anna!.call('delete', `/chats/${chatId}/messages/${sent.id}`)
    await anna!.call('delete', `/files/${file.id}`)
    expect(await send(anna!, chatId, content)).toMatchObject({ status: 200, body: { id: sent.id, attachments: [] } })
    expect(await send(anna!, chatId, { ...content, attachments: [], text: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'key-reused' },
    })
  })

  it('of a chat are listed newest first, by kind, and are found by their names', async () => {
    const chatId = await chatOf(anna!, boris!)
    const picture = await stored(
      anna!,
      await pictureOf({ type: 'png', width: 5, height: 5, orientation: 1, hasIcc: false }),
      '?name=Hafen.png',
    )
    const [one, two] = [await stored(anna!, 'one', '?name=one.txt'), await stored(boris!, 'two', '?name=two.txt')]
    const { body: first } = await send(anna!, chatId, { text: 'words', attachments: [{ file_id: picture.id }, { file_id: one.id }] })
    const { body: second } = await send(boris!, chatId, attach(two))
    const list = async (query = '') =>
      (await boris!.call<{ items: SharedFile[]; next: string | null; total?: number }>('get', `/chats/${chatId}/files${query}`)).body
    const item = (message: Message, file: File) => ({
      message_id: message.id,
      message_seq: message.seq,
      sender_id: message.sender.id,
      file,
    })
    expect(await list('?count=true')).toMatchObject({
      items: [item(second, two), item(first, picture), item(first, one)],
      next: null,
      total: 3,
    })
    expect((await list('?kind=image')).items).toEqual([item(first, picture)])
    const page = await list('?limit=2')
    expect((await list(`?limit=2&cursor=${page.next}`)).items).toEqual([item(first, one)])
    expect((await carla!.call('get', `/chats/${chatId}/files`)).body.code).toBe('chat-not-found')
    const found = async (query: string) =>
      (await anna!.call<{ items: Message[] }>('get', `/messages?query=${query}&chat_id=${chatId}`)).body.items.map(({ id }) => id)
    expect([await found('hafen'), await found('words'), await found('two.txt')]).toEqual([[first.id], [first.id], [second.id]])
    await boris!.call('delete', `/chats/${chatId}/messages/${second.id}`)
    expect([(await list()).items.length, await found('two.txt')]).toEqual([2, []])
  })
})

it('are nowhere where they are switched off', async () => {
  await using server = await serveHttp({}, { files: { kind: 'off' } })
  const anna = await server.register('Anna')
  for (const [method, path] of [
    ['post', '/files?name=x'],
    ['get', `/files/${randomUUID()}`],
    ['post', '/files/urls'],
  ] as const)
    expect([path, (await anna.call(method, path, method === 'post' ? { file_ids: [] } : undefined)).body.code]).toEqual([path, 'not-found'])
})
