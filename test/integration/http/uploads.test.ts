import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { Upload } from 'tus-js-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { File } from '../../../src/adapters/wire/schemas/files.ts'
import type { Problem } from '../../../src/adapters/wire/schemas/service.ts'
import type { SignedInClient } from '../../support/http-client.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'

const KIB = 1_024
const base64 = (text: string) => Buffer.from(text).toString('base64')
const VERSION = { 'tus-resumable': '1.0.0' }

describe('uploads by tus', () => {
  let server: HttpServed
  let [anna, boris]: SignedInClient[] = []
  beforeAll(async () => {
    server = await serveHttp({ fileLimit: 300 * KIB }, { fileLimit: 300 * KIB, fileQuota: 2_000 * KIB })
    ;[anna, boris] = await Promise.all(['Anna', 'Boris'].map((name) => server.register(name)))
  })
  afterAll(() => server.close())

  async function ask(
    who: SignedInClient,
    method: string,
    path: string,
    { headers = {}, body }: { headers?: object; body?: Uint8Array } = {},
  ) {
    const init = { method, headers: { authorization: `Bearer ${who.token}`, ...VERSION, ...headers }, body: body as BodyInit }
    const response = await fetch(path.startsWith('/api') ? server.url + path : `${server.url}/api/v1${path}`, init)
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : (JSON.parse(text) as Problem), text }
  }
  const begin = (who: SignedInClient, length: number, metadata: Readonly<Record<string, string>> = { name: 'x.bin' }) =>
    ask(who, 'POST', '/uploads', {
      headers: {
        'upload-length': String(length),
        'upload-metadata': Object.entries(metadata)
          .map(([key, value]) => `${key} ${base64(value)}`)
          .join(','),
      },
    })
  const placeOf = async (who: SignedInClient, length: number, metadata?: Readonly<Record<string, string>>) => {
    const { status, headers } = await begin(who, length, metadata)
    expect(status).toBe(201)
    return headers.get('location')!
  }
  const patch = (who: SignedInClient, place: string, offset: number, body: Uint8Array) =>
    ask(who, 'PATCH', place, { headers: { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }, body })
  const fileAt = async (place: string) => {
    const id = place.split('/').at(-1)!
    const { status, body } = await anna!.call<File>('get', `/files/${id}`)
    if (status !== 200) return undefined
    const content = await fetch(`${server.url}/api/v1/files/${id}/content`, { headers: { authorization: `Bearer ${anna!.token}` } })
    return { file: body, bytes: Buffer.from(await content.arrayBuffer()) }
  }

  it('come in any number of requests, and become a file with the last', async () => {
    const bytes = randomBytes(1_000)
    const place = await placeOf(anna!, 1_000, { name: 'Отчёт.pdf', client_file_id: randomUUID() })
    expect(place).toMatch(/^\/api\/v1\/uploads\/[0-9a-f-]{36}$/)
    const head = await ask(anna!, 'HEAD', place)
    expect([
      head.status,
      ...['upload-offset', 'upload-length', 'tus-resumable', 'cache-control'].map((name) => head.headers.get(name)),
    ]).toEqual([200, '0', '1000', '1.0.0', 'no-store'])
    expect(Date.parse(head.headers.get('upload-expires')!) - Date.now()).toBeGreaterThan(86_000_000)
    const first = await patch(anna!, place, 0, bytes.subarray(0, 400))
    expect([first.status, first.headers.get('upload-offset')]).toEqual([204, '400'])
    expect(await fileAt(place)).toBeUndefined()
    expect(await patch(anna!, place, 0, bytes)).toMatchObject({ status: 409, body: { code: 'upload-offset', offset: 400 } })
    expect(await patch(anna!, place, 400, randomBytes(601))).toMatchObject({ status: 413, body: { code: 'too-large' } })
    expect((await patch(anna!, place, 400, bytes.subarray(400))).headers.get('upload-offset')).toBe('1000')
    const made = (await fileAt(place))!
    expect([made.file.name, made.file.size, made.bytes.equals(bytes)]).toEqual(['Отчёт.pdf', 1_000, true])
    expect((await ask(anna!, 'HEAD', place)).headers.get('upload-offset')).toBe('1000')
    expect((await patch(anna!, place, 1_000, new Uint8Array())).status).toBe(204)
  })

  it('begin anew at the same place for the same key', async () => {
    const key = { name: 'x', client_file_id: randomUUID() }
    const place = await placeOf(anna!, 4, key)
    await patch(anna!, place, 0, Buffer.from('ab'))
    expect(await placeOf(anna!, 4, key)).toBe(place)
    expect((await ask(anna!, 'HEAD', place)).headers.get('upload-offset')).toBe('2')
    expect(await begin(anna!, 5, key)).toMatchObject({ status: 409, body: { code: 'key-reused' } })
    await patch(anna!, place, 2, Buffer.from('cd'))
    expect(await placeOf(anna!, 4, key)).toBe(place)
    expect((await ask(anna!, 'HEAD', place)).headers.get('upload-offset')).toBe('4')
    expect(await placeOf(boris!, 4, key)).not.toBe(place)
  })

  it('of nothing are files at once', async () => {
    expect((await fileAt(await placeOf(anna!, 0)))?.file.size).toBe(0)
  })

  it('want version 1.0.0, a length, a name and the right content', async () => {
    const bare = await fetch(`${server.url}/api/v1/uploads`, { method: 'POST', headers: { authorization: `Bearer ${anna!.token}` } })
    expect([bare.status, await bare.text(), bare.headers.get('tus-version')]).toEqual([412, '', '1.0.0'])
    const metadata = { 'upload-metadata': `name ${base64('x')}` }
    for (const headers of [{}, { ...metadata, 'upload-length': '-1' }, { ...metadata, 'upload-length': 'x' }, { 'upload-length': '1' }])
      expect(await ask(anna!, 'POST', '/uploads', { headers })).toMatchObject({ status: 422, body: { code: 'invalid' } })
    expect(await begin(anna!, 300 * KIB + 1)).toMatchObject({ status: 413, body: { code: 'too-large', limit: 300 * KIB } })
    const place = await placeOf(anna!, 5)
    const wrong = await ask(anna!, 'PATCH', place, {
      headers: { 'upload-offset': '0', 'content-type': 'text/plain' },
      body: Buffer.from('x'),
    })
    expect(wrong).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } })
    const options = await ask(anna!, 'OPTIONS', '/uploads')
    expect(['tus-version', 'tus-extension', 'tus-max-size'].map((name) => options.headers.get(name))).toEqual([
      '1.0.0',
      'creation,termination,expiration',
      String(300 * KIB),
    ])
  })

  it('are those of their user, and end when they are ended', async () => {
    const place = await placeOf(anna!, 5)
    for (const method of ['HEAD', 'DELETE'] as const) expect((await ask(boris!, method, place)).status).toBe(404)
    expect(await patch(boris!, place, 0, Buffer.from('x'))).toMatchObject({ status: 404, body: { code: 'upload-not-found' } })
    expect((await ask(anna!, 'DELETE', place)).status).toBe(204)
    expect(await patch(anna!, place, 0, Buffer.from('x'))).toMatchObject({ status: 404, body: { code: 'upload-not-found' } })
    expect((await ask(anna!, 'HEAD', '/uploads/nonsense')).status).toBe(404)
  })

  it('count whole against what a user may have', async () => {
    const dora = await server.register('Dora')
    const places = [await placeOf(dora, 300 * KIB), await placeOf(dora, 300 * KIB)]
    for (let i = 0; i < 4; i++) await placeOf(dora, 300 * KIB)
    expect(await begin(dora, 300 * KIB)).toMatchObject({ status: 413, body: { code: 'quota-full', limit: 2_000 * KIB } })
    await ask(dora, 'DELETE', places[0]!)
    expect((await begin(dora, 300 * KIB)).status).toBe(201)
  })

  it('are taken once, whoever comes first with an offset', async () => {
    const bytes = randomBytes(50 * KIB)
    const place = await placeOf(anna!, bytes.length)
    for (let offset = 0; offset < bytes.length; ) {
      const both = await Promise.all([7 * KIB, 9 * KIB].map((size) => patch(anna!, place, offset, bytes.subarray(offset, offset + size))))
      expect(both.filter(({ status }) => status === 204).length).toBeGreaterThanOrEqual(1)
      offset = Number((await ask(anna!, 'HEAD', place)).headers.get('upload-offset'))
    }
    expect((await fileAt(place))!.bytes.equals(bytes)).toBe(true)
  })

  it('come from tus-js-client, in pieces', async () => {
    const bytes = randomBytes(100 * KIB)
    const url = await new Promise<string>((resolve, reject) => {
      const upload = new Upload(Readable.from([bytes]), {
        endpoint: `${server.url}/api/v1/uploads`,
        uploadSize: bytes.length,
        chunkSize: 30 * KIB,
        metadata: { name: 'from tus', client_file_id: randomUUID() },
        headers: { authorization: `Bearer ${anna!.token}` },
        retryDelays: null,
        onSuccess: () => resolve(upload.url!),
        onError: reject,
      })
      upload.start()
    })
    const { file, bytes: kept } = (await fileAt(new URL(url).pathname))!
    expect([file.name, createHash('sha256').update(kept).digest('hex')]).toEqual([
      'from tus',
      createHash('sha256').update(bytes).digest('hex'),
    ])
  })
})
