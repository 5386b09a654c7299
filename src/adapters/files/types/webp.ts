import type { Source } from '../source.ts'

/** A chunk of a WebP file (RFC 9649): its type, where it begins, the bytes of its content, and how long it is with header and padding. */
export interface RiffChunk {
  readonly type: string
  readonly offset: number
  readonly content: number
  readonly length: number
}
const HEADER = 12
const MOST_CHUNKS = 65_536

/** The chunks in their order. `isWhole` is false if the file ends within one. */
export async function riffChunks(source: Source): Promise<{ readonly chunks: readonly RiffChunk[]; readonly isWhole: boolean }> {
  const head = await source.read(0, HEADER)
  const end = 8 + head.readUInt32LE(4)
  const chunks: RiffChunk[] = []
  let offset = HEADER
  while (offset < end && chunks.length < MOST_CHUNKS) {
    const place = await source.read(offset, 8)
    if (place.length < 8) break
    const content = place.readUInt32LE(4)
    const length = 8 + content + (content % 2)
    // The padding of the last chunk may be missing.
    if (offset + 8 + content > source.size) break
    chunks.push({ type: place.toString('latin1', 0, 4), offset, content, length: Math.min(length, source.size - offset) })
    offset += length
  }
  return { chunks, isWhole: offset >= end && chunks.length > 0 }
}

const u24 = (bytes: Buffer, at: number) => bytes.readUIntLE(at, 3)

/** How each kind of first chunk, header included, tells the size of the picture. */
const sizes: Readonly<Record<string, (head: Buffer) => { readonly width: number; readonly height: number } | undefined>> = {
  'VP8X': (head) => ({ width: 1 + u24(head, 12), height: 1 + u24(head, 15) }),
  'VP8L'(head) {
    const bits = head.readUInt32LE(9)
    return head[8] === 0x2f ? { width: 1 + (bits & 0x3f_ff), height: 1 + ((bits >>> 14) & 0x3f_ff) } : undefined
  },
  'VP8 ': (head) =>
    head.toString('hex', 11, 14) === '9d012a'
      ? { width: head.readUInt16LE(14) & 0x3f_ff, height: head.readUInt16LE(16) & 0x3f_ff }
      : undefined,
}

export async function webpHead(source: Source) {
  const head = await source.read(HEADER, 18)
  return head.length < 18 ? undefined : sizes[head.toString('latin1', 0, 4)]?.(head)
}
