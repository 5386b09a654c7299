import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { sourceOfBytes } from '../../../src/adapters/files/source.ts'
import { jpeg } from '../../../src/adapters/files/strip/jpeg.ts'
import { bytesOf, isAll, type Stripping } from '../../../src/adapters/files/strip/pieces.ts'
import { png } from '../../../src/adapters/files/strip/png.ts'
import { webp } from '../../../src/adapters/files/strip/webp.ts'
import { lookOf, type PictureOf, type PictureType, pictureOf, SECRETS } from '../../support/pictures.ts'

type Strip = (bytes: Buffer, type: PictureType) => Promise<Buffer | undefined>

const strippings: Readonly<Record<PictureType, Stripping>> = { jpeg, png, webp }

const strip: Strip = async (bytes, type) => {
  const source = sourceOfBytes(bytes)
  const pieces = await strippings[type](source)
  return pieces && joined(bytesOf(source, pieces))
}

async function joined(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const APPENDED = '<script>alert(1)</script>'

const pictures: fc.Arbitrary<PictureOf> = fc.record({
  type: fc.constantFrom<PictureType[]>('jpeg', 'png', 'webp'),
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 40 }),
  orientation: fc.integer({ min: 1, max: 8 }),
  hasIcc: fc.boolean(),
  isProgressive: fc.boolean(),
  isLossless: fc.boolean(),
})

/** What is shown stays as it is, and nothing that tells of the person is left, whatever was appended. */
const strippingKeepsTheLook = (strip: Strip) =>
  fc.asyncProperty(pictures, fc.string({ maxLength: 20 }), async (made, tail) => {
    const bytes = await pictureOf(made)
    const stripped = await strip(Buffer.concat([bytes, Buffer.from(APPENDED + tail)]), made.type)
    const look = await lookOf(bytes)
    expect(stripped && (await lookOf(stripped))).toEqual(look)
    const { exif, xmp } = await sharp(stripped).metadata()
    expect(xmp).toBeUndefined()
    expect(exif?.length ?? 0).toBeLessThanOrEqual(32)
    for (const secret of [...SECRETS, APPENDED]) expect(stripped!.includes(secret)).toBe(false)
    expect(await strip(stripped!, made.type)).toEqual(stripped)
  })

const RUNS = { numRuns: 60 }

describe('stripping', () => {
  it('keeps pixels, orientation and colours, and nothing else', async () => {
    expect(await fc.check(strippingKeepsTheLook(strip), RUNS)).toMatchObject({ failed: false })
  })

  const saboteurs: Readonly<Record<string, Strip>> = {
    'leaves everything in': async (bytes) => bytes,
    'leaves XMP in': async (bytes, type) => {
      const stripped = await strip(bytes, type)
      return stripped && sharp(stripped).keepIccProfile().withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>').toBuffer()
    },
    'encodes anew': async (bytes, type) => {
      const again = sharp(bytes).keepIccProfile()
      return type === 'jpeg'
        ? again.jpeg({ quality: 50 }).toBuffer()
        : type === 'png'
          ? again.png().toBuffer()
          : again.webp({ quality: 30 }).toBuffer()
    },
    'forgets the orientation': async (bytes, type) => {
      const stripped = await strip(bytes, type)
      if (!stripped) return undefined
      const at = stripped.indexOf(Buffer.from('MM\0*', 'latin1'))
      if (at >= 0) stripped.writeUInt16BE(1, at + 18)
      return stripped
    },
    'keeps what follows the end': async (bytes, type) => {
      const stripped = await strip(bytes, type)
      return stripped && Buffer.concat([stripped, Buffer.from(APPENDED)])
    },
  }
  it.each(Object.entries(saboteurs))('would notice one that %s', async (_, sabotaged) => {
    expect(await fc.check(strippingKeepsTheLook(sabotaged), RUNS)).toMatchObject({ failed: true })
  })

  it('leaves a picture alone that has nothing to take out', async () => {
    for (const type of ['jpeg', 'png', 'webp'] as const) {
      const bare = await strip(await pictureOf({ type, width: 8, height: 8, orientation: 1, hasIcc: false }), type)
      const source = sourceOfBytes(bare!)
      const pieces = (await strippings[type](source))!
      expect([type, isAll(source, pieces)]).toEqual([type, type !== 'webp' || !bare!.includes('VP8X')])
      expect(await joined(bytesOf(source, pieces))).toEqual(bare)
    }
  })

  it('finds a picture broken that ends early', async () => {
    for (const type of ['jpeg', 'png', 'webp'] as const) {
      const bytes = await pictureOf({ type, width: 30, height: 30, orientation: 1, hasIcc: false })
      for (const share of [0.3, 0.6, 0.9]) expect(await strip(bytes.subarray(0, bytes.length * share), type)).toBeUndefined()
    }
  })

  it('never throws, whatever the bytes are', async () => {
    const noise = fc.asyncProperty(
      fc.constantFrom<PictureType[]>('jpeg', 'png', 'webp'),
      fc.uint8Array({ maxLength: 200 }),
      async (type, bytes) => {
        const start = { jpeg: 'ffd8ff', png: '89504e470d0a1a0a', webp: '52494646ff00000057454250' }[type]
        await strip(Buffer.concat([Buffer.from(start, 'hex'), bytes]), type)
      },
    )
    expect(await fc.check(noise)).toMatchObject({ failed: false })
  })
})
