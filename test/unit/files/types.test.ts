import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { sourceOfBytes } from '../../../src/adapters/files/source.ts'
import { examine } from '../../../src/adapters/files/types/examine.ts'
import { pictureOf } from '../../support/pictures.ts'

const found = (bytes: Buffer) => examine(sourceOfBytes(bytes))
const latin = (text: string) => Buffer.from(text, 'latin1')

const box = (type: string, ...content: readonly (Buffer | string)[]): Buffer => {
  const body = Buffer.concat(content.map((part) => (typeof part === 'string' ? latin(part) : part)))
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length + 8)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}
const u32 = (...numbers: readonly number[]) => {
  const bytes = Buffer.alloc(4 * numbers.length)
  for (const [i, number] of numbers.entries()) bytes.writeInt32BE(number | 0, 4 * i)
  return bytes
}
const ONE = 0x10000
const tkhd = (width: number, height: number, isTurned = false) =>
  box(
    'tkhd',
    Buffer.alloc(40),
    isTurned ? u32(0, ONE, 0, -ONE, 0, 0, 0, 0, 0x40000000) : u32(ONE, 0, 0, 0, ONE, 0, 0, 0, 0x40000000),
    u32(width * ONE, height * ONE),
  )
const track = (handler: string, header: Buffer = Buffer.alloc(0)) =>
  box('trak', header, box('mdia', box('hdlr', u32(0, 0), handler, Buffer.alloc(12))))
const film = (brand: string, ...tracks: readonly Buffer[]) =>
  Buffer.concat([box('ftyp', brand, u32(0), 'isom'), box('mdat', Buffer.alloc(100_000)), box('moov', ...tracks)])

const vint = (value: number) => Buffer.from([0x08, (value >> 24) & 255, (value >> 16) & 255, (value >> 8) & 255, value & 255])
const element = (id: string, ...content: readonly Buffer[]) => {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from(id, 'hex'), vint(body.length), body])
}
const webm = (type: string, ...tracks: readonly Buffer[]) =>
  Buffer.concat([
    element('1a45dfa3', element('4282', latin(type))),
    element('18538067', element('ec', Buffer.alloc(50)), element('1654ae6b', ...tracks)),
  ])

const mpeg = Buffer.from('fffb9064', 'hex')
const frame = Buffer.concat([mpeg, Buffer.alloc(413)])

describe('the type of a file', () => {
  it('is found for pictures, with the size as shown', async () => {
    const made = { width: 30, height: 20, orientation: 1, hasIcc: false }
    for (const type of ['jpeg', 'png', 'webp'] as const)
      expect(await found(await pictureOf({ ...made, type }))).toEqual({ type: `image/${type}`, kind: 'image', width: 30, height: 20 })
    expect(await found(await pictureOf({ ...made, type: 'webp', isLossless: true }))).toMatchObject({ width: 30, height: 20 })
    expect(await found(await pictureOf({ ...made, type: 'jpeg', orientation: 6 }))).toMatchObject({ width: 20, height: 30 })
    const plain = sharp({ create: { width: 33, height: 17, channels: 3, background: 'red' } })
    for (const type of ['gif', 'avif'] as const)
      expect(await found(await plain.clone().toFormat(type).toBuffer())).toEqual({
        type: `image/${type}`,
        kind: 'image',
        width: 33,
        height: 17,
      })
    for (const isLossless of [true, false])
      expect(await found(await plain.clone().webp({ lossless: isLossless }).toBuffer())).toMatchObject({
        type: 'image/webp',
        width: 33,
        height: 17,
      })
  })

  it.each([
    ['video/mp4', 'video', film('isom', track('soun'), track('vide', tkhd(640, 360))), { width: 640, height: 360 }],
    ['video/mp4', 'video', film('mp42', track('vide', tkhd(640, 360, true))), { width: 360, height: 640 }],
    ['video/mp4', 'video', film('qt  ', track('vide')), {}],
    ['audio/mp4', 'audio', film('M4A ', track('soun')), {}],
    [
      'video/webm',
      'video',
      webm(
        'webm',
        element('ae', element('83', Buffer.from([2]))),
        element(
          'ae',
          element('83', Buffer.from([1])),
          element('e0', element('b0', Buffer.from([1, 64])), element('ba', Buffer.from([180]))),
        ),
      ),
      { width: 320, height: 180 },
    ],
    ['audio/webm', 'audio', webm('webm', element('ae', element('83', Buffer.from([2])))), {}],
    ['audio/mpeg', 'audio', latin('ID3\x04\0\0\0\0\0\0'), {}],
    ['audio/mpeg', 'audio', Buffer.concat([frame, frame]), {}],
    ['audio/ogg', 'audio', latin('OggS\0\x02'.padEnd(28, '\0') + 'OpusHead'), {}],
    ['audio/wav', 'audio', latin('RIFF\x24\0\0\0WAVEfmt '), {}],
    ['application/pdf', 'file', latin('%PDF-1.7\n'), {}],
    ['application/zip', 'file', latin('PK\x03\x04'), {}],
    ['application/gzip', 'file', latin('\x1f\x8b\x08\0'), {}],
  ])('is %s', async (type, kind, bytes, size) => {
    expect(await found(bytes)).toEqual({ type, kind, ...size })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['HTML', latin('<!doctype html><script>alert(1)</script>')],
    ['SVG', latin('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['a name without a picture', latin('GIF89a')],
    ['HEIC', Buffer.concat([box('ftyp', 'heic', u32(0), 'mif1heic'), box('moov', track('vide', tkhd(1, 1)))])],
    ['Matroska', webm('matroska', element('ae', element('83', Buffer.from([1]))))],
    ['one frame and noise', Buffer.concat([frame, Buffer.alloc(20)])],
    ['a film without tracks', film('isom')],
    ['RIFF of something else', latin('RIFF\x24\0\0\0AVI LIST')],
    ['Theora', latin('OggS\0\x02'.padEnd(28, '\0') + '\x80theora')],
  ])('is unknown for %s', async (_, bytes) => {
    expect(await found(bytes)).toEqual({ type: 'application/octet-stream', kind: 'file' })
  })

  it('is found within bounds, whatever the bytes are', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          '89504e470d0a1a0a',
          'ffd8ff',
          '474946383961',
          '52494646ffffffff57454250',
          '0000001066747970',
          '1a45dfa3',
          '4f676753',
          'fffb9064',
          '',
        ),
        fc.uint8Array({ maxLength: 300 }),
        async (start, noise) => {
          const { type } = await found(Buffer.concat([Buffer.from(start, 'hex'), noise]))
          expect(type).toMatch(/^(image|video|audio|application)\//)
        },
      ),
      { numRuns: 500 },
    ))

  it('does not follow boxes for ever', async () => {
    const endless = Buffer.concat([box('ftyp', 'isom', u32(0)), ...Array.from({ length: 5_000 }, () => box('free'))])
    expect(await found(endless)).toMatchObject({ type: 'application/octet-stream' })
  })
})
