import type { Examined } from '../../../application/ports/intake.ts'
import type { Source } from '../source.ts'
import { bmff } from './bmff.ts'
import { webm } from './ebml.ts'
import { shown } from './exif.ts'
import { jpegHead } from './jpeg.ts'
import { PNG, pngHead } from './png.ts'
import { mp3Frames, mp3Tagged, ogg, wav } from './sound.ts'
import { webpHead } from './webp.ts'

interface Sized {
  readonly width: number
  readonly height: number
  readonly orientation?: number
}

const picture = (type: string, sizeOf: (source: Source) => Promise<Sized | undefined>) => async (source: Source) => {
  const size = await sizeOf(source)
  if (!size || size.width === 0 || size.height === 0) return undefined
  return { type, kind: 'image', ...shown(size.width, size.height, size.orientation ?? 1) } as const
}

async function gifHead(source: Source) {
  const head = await source.read(6, 4)
  return head.length < 4 ? undefined : { width: head.readUInt16LE(0), height: head.readUInt16LE(2) }
}

const file = (type: string) => async () => ({ type, kind: 'file' }) as const

interface Detector {
  /** In Latin-1, by place. */
  readonly magic: Readonly<Record<number, string>>
  /** Undefined: the bytes begin so and are something else. */
  readonly examine: (source: Source) => Promise<Examined | undefined>
}

/** Every type that is known. Names and what a client says are not believed. */
const detectors: readonly Detector[] = [
  { magic: { 0: PNG.toString('latin1') }, examine: picture('image/png', pngHead) },
  { magic: { 0: '\xff\xd8\xff' }, examine: picture('image/jpeg', jpegHead) },
  { magic: { 0: 'GIF87a' }, examine: picture('image/gif', gifHead) },
  { magic: { 0: 'GIF89a' }, examine: picture('image/gif', gifHead) },
  { magic: { 0: 'RIFF', 8: 'WEBP' }, examine: picture('image/webp', webpHead) },
  { magic: { 4: 'ftyp' }, examine: bmff },
  { magic: { 0: '\x1a\x45\xdf\xa3' }, examine: webm },
  { magic: { 0: 'ID3' }, examine: mp3Tagged },
  { magic: { 0: 'OggS' }, examine: ogg },
  { magic: { 0: 'RIFF', 8: 'WAVE' }, examine: wav },
  { magic: { 0: '%PDF-' }, examine: file('application/pdf') },
  { magic: { 0: 'PK\x03\x04' }, examine: file('application/zip') },
  { magic: { 0: '\x1f\x8b\x08' }, examine: file('application/gzip') },
  { magic: { 0: '\xff' }, examine: mp3Frames },
]

export const unknownType: Examined = { type: 'application/octet-stream', kind: 'file' }

/** Finds out what bytes are. */
export async function examine(source: Source): Promise<Examined> {
  const head = (await source.read(0, 16)).toString('latin1')
  for (const { magic, examine } of detectors) {
    const isLikely = Object.entries(magic).every(([at, text]) => head.startsWith(text, Number(at)))
    const found = isLikely ? await examine(source) : undefined
    if (found) return found
  }
  return unknownType
}
