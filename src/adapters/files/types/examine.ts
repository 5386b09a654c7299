import type { Examined } from '../../../application/ports/intake.ts'
import type { Source } from '../source.ts'
import { bmff } from './bmff.ts'
import { webm } from './ebml.ts'
import { shown } from './exif.ts'
import { jpegHead } from './jpeg.ts'
import { pngHead } from './png.ts'
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
  /** The first bytes, in Latin-1. */
  readonly begins: RegExp
  /** Undefined: the bytes begin so and are something else. */
  readonly examine: (source: Source) => Promise<Examined | undefined>
}

/** Every type that is known. What it is not known by is not believed: names and what a client says. */
const detectors: readonly Detector[] = [
  { begins: /^\x89PNG\r\n\x1a\n/, examine: picture('image/png', pngHead) },
  { begins: /^\xff\xd8\xff/, examine: picture('image/jpeg', jpegHead) },
  { begins: /^GIF8[79]a/, examine: picture('image/gif', gifHead) },
  { begins: /^RIFF.{4}WEBP/s, examine: picture('image/webp', webpHead) },
  { begins: /^.{4}ftyp/s, examine: bmff },
  { begins: /^\x1a\x45\xdf\xa3/, examine: webm },
  { begins: /^ID3/, examine: mp3Tagged },
  { begins: /^OggS/, examine: ogg },
  { begins: /^RIFF.{4}WAVE/s, examine: wav },
  { begins: /^%PDF-/, examine: file('application/pdf') },
  { begins: /^PK\x03\x04/, examine: file('application/zip') },
  { begins: /^\x1f\x8b\x08/, examine: file('application/gzip') },
  { begins: /^\xff/, examine: mp3Frames },
]

export const unknownType: Examined = { type: 'application/octet-stream', kind: 'file' }

/** Finds out what bytes are. */
export async function examine(source: Source): Promise<Examined> {
  const head = (await source.read(0, 16)).toString('latin1')
  for (const { begins, examine } of detectors) {
    const found = begins.test(head) ? await examine(source) : undefined
    if (found) return found
  }
  return unknownType
}
