import type { Source } from '../source.ts'
import { orientationAlone, orientationOf } from '../types/exif.ts'
import { APP1, EOI, exifIn, type Segment, SOS, segments } from '../types/jpeg.ts'
import type { Piece } from './pieces.ts'

const APP0 = 0xe0
const APP2 = 0xe2
const APP14 = 0xee
const COMMENT = 0xfe
const isNamed = (marker: number) => (marker >= APP0 && marker <= 0xef) || marker === COMMENT

/** What such a segment begins with for it to be kept: it tells how to read the pixels, or their colours. */
const kept: Readonly<Record<number, string>> = { [APP0]: 'JFIF\0', [APP2]: 'ICC_PROFILE\0', [APP14]: 'Adobe' }

async function isKept(source: Source, { marker, offset }: Segment): Promise<boolean> {
  if (!isNamed(marker)) return true
  const start = kept[marker]
  return start !== undefined && (await source.read(offset + 4, start.length)).toString('latin1') === start
}

/** JFIF may hold a small picture of what was cut off: only its header stays. */
const JFIF_HEADER = 18

/** Everything but segments with other data than pixels, and nothing behind the end. The orientation is written anew. */
export async function jpeg(source: Source): Promise<readonly Piece[] | undefined> {
  const pieces: Piece[] = []
  let orientation = 1
  let isComplete = false
  let scanFrom: number | undefined
  for await (const segment of segments(source)) {
    const { marker, offset, length } = segment
    if (scanFrom !== undefined) pieces.push({ offset: scanFrom, length: offset - scanFrom })
    scanFrom = marker === SOS ? offset + length : undefined
    const exif = await exifIn(source, segment)
    if (exif) orientation = orientationOf(exif)
    if (marker === APP0 && length > JFIF_HEADER && (await isKept(source, segment))) pieces.push(await bareJfif(source, segment))
    else if (await isKept(source, segment)) pieces.push({ offset, length })
    if (marker === EOI) isComplete = true
  }
  if (!isComplete) return undefined
  const isFirstSoi = !Buffer.isBuffer(pieces[0]) && pieces[0]?.offset === 0
  if (!isFirstSoi) return undefined
  if (orientation !== 1) pieces.splice(afterJfif(pieces), 0, exifSegment(orientation))
  return pieces
}

async function bareJfif(source: Source, { offset }: Segment): Promise<Buffer> {
  const bytes = Buffer.from(await source.read(offset, JFIF_HEADER))
  bytes.writeUInt16BE(JFIF_HEADER - 2, 2)
  bytes.fill(0, 16, 18)
  return bytes
}

/** JFIF comes right behind the beginning, and EXIF behind it. */
const afterJfif = (pieces: readonly Piece[]): number => (pieces.length > 1 ? 1 : pieces.length)

function exifSegment(orientation: number): Buffer {
  const tiff = orientationAlone(orientation)
  const head = Buffer.from(`\xff${String.fromCharCode(APP1)}\0\0Exif\0\0`, 'latin1')
  head.writeUInt16BE(head.length - 2 + tiff.length, 2)
  return Buffer.concat([head, tiff])
}
