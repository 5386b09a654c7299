import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { File, FileUrl } from '../../../src/adapters/wire/schemas/files.ts'
import type { Problem } from '../../../src/adapters/wire/schemas/service.ts'
import type { Config } from '../../../src/main/config.ts'
import type { SignedInClient } from '../../support/http-client.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'
import { pictureOf } from '../../support/pictures.ts'
import { startS3 } from '../../support/s3.ts'

const upload = async ({ url }: HttpServed, { token }: SignedInClient, bytes: Uint8Array, query = '?name=x.bin') => {
  const init = { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: bytes as BodyInit }
  const response = await fetch(`${url}/api/v1/files${query}`, init)
  return { status: response.status, body: (await response.json()) as File & Problem }
}

describe('files in S3', () => {
  async function onS3(more: Partial<Config> = {}) {
    const { stop, objects, ...s3 } = await startS3()
    const place: Partial<Config> = { files: { kind: 's3', bucket: s3.bucket }, s3Key: s3.key, s3Secret: s3.secret, s3Region: s3.region }
    const server = await serveHttp({}, { ...place, ...more })
    const anna = await server.register('Anna')
    const close = async () => {
      await server.close()
      await stop()
    }
    return { server, anna, objects, close }
  }

  it('are read through the service, in ranges, too', async () => {
    const { server, anna, objects, close } = await onS3()
    const bytes = randomBytes(100_000)
    const { body: file } = await upload(server, anna, bytes)
    expect(objects.size).toBe(1)
    const read = async (headers: object) => {
      const response = await fetch(`${server.url}/api/v1/files/${file.id}/content`, {
        headers: { authorization: `Bearer ${anna.token}`, ...headers },
      })
      return { status: response.status, body: Buffer.from(await response.arrayBuffer()) }
    }
    expect(await read({})).toEqual({ status: 200, body: bytes })
    expect(await read({ range: 'bytes=99000-' })).toEqual({ status: 206, body: bytes.subarray(99_000) })
    await close()
  })

  it('are read from the bucket itself if the settings say so', async () => {
    const { server, anna, close } = await onS3({ fileRedirect: true })
    const picture = await pictureOf({ type: 'png', width: 20, height: 10, orientation: 1, hasIcc: false })
    const { body: file } = await upload(server, anna, picture, '?name=a.png')
    const { body } = await anna.call<{ items: FileUrl[] }>('post', '/files/urls', { file_ids: [file.id] })
    for (const [url, type] of [
      [body.items[0]!.url, 'image/png'],
      [body.items[0]!.thumb_url!, 'image/webp'],
    ] as const) {
      const sent = await fetch(server.url + url, { redirect: 'manual' })
      expect([sent.status, sent.headers.get('location')]).toEqual([302, expect.stringContaining('X-Amz-Signature=')])
      const read = await fetch(server.url + url)
      expect([read.status, read.headers.get('content-type'), read.headers.get('content-disposition')]).toEqual([
        200,
        type,
        expect.stringMatching(/^inline; filename="a.png"/),
      ])
    }
    await close()
  })

  it('are uploaded in pieces that are dropped afterwards', async () => {
    const { server, anna, objects, close } = await onS3()
    const headers = { 'tus-resumable': '1.0.0', 'upload-length': '6', 'upload-metadata': `name ${Buffer.from('x').toString('base64')}` }
    const begun = await server.call('post', '/uploads', { token: anna.token, headers })
    const id = begun.headers.get('location')!.split('/').at(-1)!
    for (const [offset, part] of [
      [0, 'abc'],
      [3, 'def'],
    ] as const) {
      const patch = { 'tus-resumable': '1.0.0', 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }
      expect((await server.call('patch', `/uploads/${id}`, { token: anna.token, headers: patch, body: part })).status).toBe(204)
      expect([...objects.keys()].filter((name) => name.startsWith('incoming/'))).toHaveLength(offset === 0 ? 1 : 0)
    }
    expect(objects.get([...objects.keys()].find((name) => name.startsWith('files/'))!)!.toString()).toBe('abcdef')
    await close()
  })
})

describe('a malware scanner', () => {
  /** Says what a clamd says; the bytes come in chunks behind their lengths. */
  async function clamd() {
    const server = createServer((socket) => {
      let received = Buffer.alloc(0)
      socket.on('error', () => {})
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk])
        if (!received.subarray(-4).equals(Buffer.alloc(4))) return
        socket.end(received.includes('EICAR') ? 'stream: Eicar-Signature FOUND\0' : 'stream: OK\0')
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { port: (server.address() as AddressInfo).port, stop: async () => void (server.close(), await once(server, 'close')) }
  }

  it('refuses files, and while it is away none is taken', async () => {
    const { port, stop } = await clamd()
    await using server = await serveHttp({}, { fileScan: { host: '127.0.0.1', port } })
    const anna = await server.register('Anna')
    expect((await upload(server, anna, Buffer.from('harmless'))).status).toBe(201)
    const key = `?name=x&client_file_id=${randomUUID()}`
    expect(await upload(server, anna, Buffer.from('an EICAR file'), key)).toMatchObject({ status: 422, body: { code: 'file-refused' } })
    await stop()
    expect(await upload(server, anna, Buffer.from('harmless'), key)).toMatchObject({ status: 503, body: { code: 'overloaded' } })
  })
})
