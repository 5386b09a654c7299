import type { Source } from '../source.ts'

export const PNG = Buffer.from('89504e470d0a1a0a', 'hex')

/** A chunk of a PNG file: its type, where it begins, and how long it is, with length, type and checksum. */
export interface Chunk {
  readonly type: string
  readonly offset: number
  readonly length: number
}
const MOST_CHUNKS = 65_536

/** The chunks in their order, the last one IEND. Ends early if broken. */
export async function* chunks(source: Source): AsyncGenerator<Chunk> {
  let offset = PNG.length
  for (let count = 0; count < MOST_CHUNKS; count++) {
    const head = await source.read(offset, 8)
    if (head.length < 8) return
    const type = head.toString('latin1', 4, 8)
    const length = 12 + head.readUInt32BE(0)
    if (!/^[A-Za-z]{4}$/.test(type) || offset + length > source.size) return
    yield { type, offset, length }
    if (type === 'IEND') return
    offset += length
  }
}

export async function pngHead(source: Source) {
  const head = await source.read(PNG.length, 16)
  if (head.length < 16 || head.toString('latin1', 4, 8) !== 'IHDR') return undefined
  return { width: head.readUInt32BE(8), height: head.readUInt32BE(12) }
}
