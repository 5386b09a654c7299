import type { Source } from '../source.ts'
import { orientationAlone, orientationOf } from '../types/exif.ts'
import { type RiffChunk, riffChunks } from '../types/webp.ts'
import type { Piece } from './pieces.ts'

/** The chunks that hold pixels, or tell how to show them. */
const KEPT: ReadonlySet<string> = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])

/** Bits of the flags in VP8X. */
const HAS_EXIF = 0x08
const HAS_XMP = 0x04

/** Everything but chunks with other data than pixels, and nothing behind the end; flags and sizes are mended. */
export async function webp(source: Source): Promise<readonly Piece[] | undefined> {
  const { chunks, isWhole } = await riffChunks(source)
  if (!isWhole) return undefined
  const exif = chunks.find(({ type }) => type === 'EXIF')
  const orientation = exif ? orientationOf(await tiffIn(source, exif)) : 1
  const isTurned = orientation !== 1 && chunks[0]?.type === 'VP8X'
  const pieces: Piece[] = []
  for (const chunk of chunks)
    if (chunk.type === 'VP8X') pieces.push(await flagged(source, chunk, isTurned))
    else if (KEPT.has(chunk.type)) pieces.push(...padded(chunk))
  if (isTurned) pieces.push(exifChunk(orientation))
  const isUntouched = chunks.length === pieces.length && chunks.every(({ type }) => KEPT.has(type) && type !== 'VP8X')
  if (isUntouched && (await declared(source)) === source.size) return [{ offset: 0, length: source.size }]
  const size = pieces.reduce((sum, { length }) => sum + length, 4)
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  head.writeUInt32LE(size, 4)
  return [head, ...pieces]
}

const declared = async (source: Source) => 8 + (await source.read(4, 4)).readUInt32LE(0)

/** A chunk of an odd length has a byte behind it, which the last one may lack. */
const padded = ({ offset, content, length }: RiffChunk): readonly Piece[] =>
  length === 8 + content + (content % 2) ? [{ offset, length }] : [{ offset, length }, Buffer.alloc(1)]

/** Some programs write the introduction of JPEG in front of it. */
async function tiffIn(source: Source, { offset, content }: RiffChunk): Promise<Buffer> {
  const bytes = await source.read(offset + 8, Math.min(content, 65_536))
  return bytes.toString('latin1', 0, 4) === 'Exif' ? bytes.subarray(6) : bytes
}

async function flagged(source: Source, { offset, length }: RiffChunk, hasExif: boolean): Promise<Buffer> {
  const bytes = Buffer.from(await source.read(offset, length))
  bytes[8] = (bytes[8]! & ~(HAS_EXIF | HAS_XMP)) | (hasExif ? HAS_EXIF : 0)
  return bytes
}

function exifChunk(orientation: number): Buffer {
  const tiff = orientationAlone(orientation)
  const head = Buffer.from('EXIF\0\0\0\0', 'latin1')
  head.writeUInt32LE(tiff.length, 4)
  return Buffer.concat([head, tiff])
}
