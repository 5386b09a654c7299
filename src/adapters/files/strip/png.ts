import { crc32 } from 'node:zlib'
import type { Source } from '../source.ts'
import { orientationAlone, orientationOf } from '../types/exif.ts'
import { chunks, PNG } from '../types/png.ts'
import type { Piece } from './pieces.ts'

/** The optional chunks that tell how to show the pixels. */
const KEPT: ReadonlySet<string> = new Set('tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT'.split(' '))

/** A chunk whose name begins with a capital letter is needed for reading the picture. */
const isNeeded = (type: string) => /^[A-Z]/.test(type)

/** Everything but chunks with other data than pixels, and nothing behind the end. The orientation is written anew. */
export async function png(source: Source): Promise<readonly Piece[] | undefined> {
  const pieces: Piece[] = [{ offset: 0, length: PNG.length }]
  let last = ''
  for await (const { type, offset, length } of chunks(source)) {
    if (type === 'eXIf') {
      const orientation = orientationOf(await source.read(offset + 8, Math.min(length - 12, 65_536)))
      if (orientation !== 1) pieces.push(chunk('eXIf', orientationAlone(orientation)))
    } else if (isNeeded(type) || KEPT.has(type)) pieces.push({ offset, length })
    last = type
  }
  return last === 'IEND' ? pieces : undefined
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const bytes = Buffer.alloc(named.length + 8)
  bytes.writeUInt32BE(content.length, 0)
  named.copy(bytes, 4)
  bytes.writeUInt32BE(crc32(named), bytes.length - 4)
  return bytes
}
