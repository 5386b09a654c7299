import type { Source } from '../source.ts'
import { orientationOf } from './exif.ts'

/** A segment of a JPEG file (ITU-T T.81, annex B): its marker, where it begins, and how long it is, marker included. */
export interface Segment {
  readonly marker: number
  readonly offset: number
  readonly length: number
}

export const EOI = 0xd9
export const SOS = 0xda
const MOST_SEGMENTS = 65_536

/** A marker that stands alone, without a length. */
const isBare = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= EOI)

/** The segments in their order, the last one EOI; what stands between a SOS and the next segment is picture data. Ends early if broken. */
export async function* segments(source: Source): AsyncGenerator<Segment> {
  let offset = 0
  for (let count = 0; count < MOST_SEGMENTS; count++) {
    const head = await source.read(offset, 4)
    if (head.length < 2 || head[0] !== 0xff) return
    const marker = head[1]!
    if (marker === 0xff) {
      offset++
      continue
    }
    const length = isBare(marker) ? 2 : head.length < 4 ? 0 : 2 + head.readUInt16BE(2)
    if (length < 2 || (length < 4 && !isBare(marker)) || offset + length > source.size) return
    yield { marker, offset, length }
    if (marker === EOI) return
    offset += length
    if (marker === SOS) {
      const next = await afterScan(source, offset)
      if (next === undefined) return
      offset = next
    }
  }
}

const READ_AT_ONCE = 65_536

/** Where the picture data end: at the next marker that is neither a restart nor a stuffed 0xff. */
async function afterScan(source: Source, from: number): Promise<number | undefined> {
  for (let offset = from; offset < source.size; ) {
    const bytes = await source.read(offset, READ_AT_ONCE)
    if (bytes.length < 2) return undefined
    for (let i = bytes.indexOf(0xff); i >= 0 && i + 1 < bytes.length; i = bytes.indexOf(0xff, i + 1)) {
      const next = bytes[i + 1]!
      if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return offset + i
    }
    offset += bytes.length - 1
  }
  return undefined
}

const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

export const APP1 = 0xe1
const EXIF = 'Exif\0\0'

/** The TIFF structure of a segment if it is the one of EXIF. */
export async function exifIn(source: Source, { marker, offset, length }: Segment): Promise<Buffer | undefined> {
  if (marker !== APP1) return undefined
  const body = await source.read(offset + 4, length - 4)
  return body.toString('latin1', 0, EXIF.length) === EXIF ? body.subarray(EXIF.length) : undefined
}

/** Size and orientation as the headers have them. */
export async function jpegHead(source: Source) {
  let orientation = 1
  for await (const segment of segments(source)) {
    const exif = await exifIn(source, segment)
    if (exif) orientation = orientationOf(exif)
    if (segment.marker === SOS) return undefined
    if (!isFrame(segment.marker) || segment.length < 10) continue
    const body = await source.read(segment.offset + 5, 4)
    return { width: body.readUInt16BE(2), height: body.readUInt16BE(0), orientation }
  }
  return undefined
}
