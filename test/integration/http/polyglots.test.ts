import { crc32, gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { File } from '../../../src/adapters/wire/schemas/files.ts'
import type { SignedInClient } from '../../support/http-client.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'

const SCRIPT = '<!doctype html><html><script>alert(document.domain)</script></html>'
const MIB = 1_048_576

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}
const PNG = Buffer.from('89504e470d0a1a0a', 'hex')
/** A PNG that says it is this large, and holds a few bytes. */
function claimed(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  return Buffer.concat([PNG, chunk('IHDR', header), chunk('IDAT', Buffer.from('789c030000000001', 'hex')), chunk('IEND', Buffer.alloc(0))])
}

const dot = () => sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
const inPng = async () => {
  const png = await dot().png().toBuffer()
  return Buffer.concat([png.subarray(0, 33), chunk('tEXt', Buffer.from(`Comment\0${SCRIPT}`)), png.subarray(33), Buffer.from(SCRIPT)])
}
const inJpeg = async () => {
  const jpeg = await dot().jpeg().toBuffer()
  const length = Buffer.alloc(2)
  length.writeUInt16BE(SCRIPT.length + 2)
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe]), length, Buffer.from(SCRIPT)])
  return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2), Buffer.from(SCRIPT)])
}
const film = () =>
  Buffer.concat([Buffer.from('0000001066747970' + Buffer.from('isom').toString('hex') + '00000000', 'hex'), Buffer.from(SCRIPT)])

const corpus: readonly (readonly [string, string, () => Buffer | Promise<Buffer>, Partial<File>])[] = [
  ['HTML in a PNG', 'a.html', inPng, { type: 'image/png', kind: 'image' }],
  ['HTML in a JPEG', 'a.html', inJpeg, { type: 'image/jpeg', kind: 'image' }],
  ['HTML', 'a.png', () => Buffer.from(SCRIPT), { type: 'application/octet-stream', kind: 'file' }],
  [
    'SVG with a script',
    'a.svg',
    () => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`),
    { type: 'application/octet-stream', kind: 'file' },
  ],
  ['PDF with a script', 'a.pdf', () => Buffer.from(`%PDF-1.7\n${SCRIPT}`), { type: 'application/pdf', kind: 'file' }],
  ['HTML behind the head of a film', 'a.mp4', film, { type: 'application/octet-stream', kind: 'file' }],
  ['GIF with HTML', 'a.gif', () => Buffer.from(`GIF89a/*${SCRIPT}*/`), { kind: 'file' }],
  ['a bomb in gzip', 'a.gz', () => Buffer.concat(Array(200).fill(gzipSync(Buffer.alloc(MIB)))), { type: 'application/gzip', kind: 'file' }],
  ['a PNG of 256 megapixels', 'a.png', () => claimed(16_384, 16_384), { type: 'image/png', kind: 'file', width: null, thumbhash: null }],
  ['a PNG of 2³¹ by 2³¹', 'a.png', () => claimed(2_147_483_647, 2_147_483_647), { kind: 'file' }],
]

let server: HttpServed
let anna: SignedInClient
beforeAll(async () => {
  server = await serveHttp()
  anna = await server.register('Anna')
})
afterAll(() => server.close())

it.each(corpus)('runs nothing and unpacks nothing: %s', async (_, name, make, expected) => {
  const bytes = await make()
  const before = process.memoryUsage().rss
  const authorization = `Bearer ${anna.token}`
  const response = await fetch(`${server.url}/api/v1/files?name=${name}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'text/html' },
    body: bytes as BodyInit,
  })
  const file = (await response.json()) as File
  expect([response.status, file]).toEqual([201, expect.objectContaining(expected)])
  expect((process.memoryUsage().rss - before) / MIB).toBeLessThan(150)
  const content = await fetch(`${server.url}/api/v1/files/${file.id}/content`, { headers: { authorization } })
  const kept = Buffer.from(await content.arrayBuffer())
  expect(content.headers.get('content-type')).toBe(file.type)
  expect(content.headers.get('x-content-type-options')).toBe('nosniff')
  expect(content.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
  const isShown = content.headers.get('content-disposition')!.startsWith('inline')
  expect([isShown, isShown && kept.includes('<script>')]).toEqual([file.type.startsWith('image/'), file.type === 'image/gif'])
  expect(server.defects).toEqual([])
})
