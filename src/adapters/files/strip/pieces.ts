import type { Bytes } from '../../../application/ports/intake.ts'
import type { Source } from '../source.ts'

/** New bytes, or a range of the source. */
export type Piece = Buffer | { readonly offset: number; readonly length: number }

/** What is left of a picture, in order; undefined if it is broken. */
export type Stripping = (source: Source) => Promise<readonly Piece[] | undefined>

const READ_AT_ONCE = 262_144

export async function* bytesOf(source: Source, pieces: readonly Piece[]): Bytes {
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) yield piece
    else
      for (let done = 0; done < piece.length; done += READ_AT_ONCE)
        yield await source.read(piece.offset + done, Math.min(READ_AT_ONCE, piece.length - done))
  }
}

/** Whether the pieces are the source as it is. */
export function isAll(source: Source, pieces: readonly Piece[]): boolean {
  let end = 0
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece) || piece.offset !== end) return false
    end += piece.length
  }
  return end === source.size
}
