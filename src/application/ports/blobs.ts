import type { Duration } from '../../domain/ids.ts'
import type { Bytes, Received } from './intake.ts'

/** Smaller pictures of a picture: at most 320 and 1,280 pixels wide and high. */
export type Variant = 'thumb' | 'preview'

/** The first and the last byte. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/** Bytes by their SHA-256 in hexadecimal. Several processes use one place. */
export interface Blobs {
  /** Stores bytes durably. The same bytes twice are stored once. Does not drop what was received. */
  keep(received: Received): Promise<void>
  keepVariant(sha256: string, variant: Variant, bytes: Uint8Array): Promise<void>
  /** Deletes the bytes and their variants; succeeds if there are none. */
  remove(sha256: string): Promise<void>
  /** Opens bytes for reading; undefined if there are none. The caller reads to the end or ends the iteration. */
  open(
    sha256: string,
    part?: { readonly variant?: Variant | undefined; readonly range?: ByteRange | undefined },
  ): Promise<Bytes | undefined>
  /** Lists stored digests above `after`, ascending, at most 1,000; empty at the end. */
  list(after?: string): Promise<readonly string[]>
  /** Stores a piece of an upload under a name of letters, digits, hyphens and dots. */
  keepPiece(name: string, received: Received): Promise<void>
  /** The pieces one after the other. Rejects if one is missing. */
  pieces(names: readonly string[]): Bytes
  dropPieces(names: readonly string[]): Promise<void>
  /** Lists names of pieces above `after`, ascending, at most 1,000; empty at the end. */
  listPieces(after?: string): Promise<readonly string[]>
  /** Returns an address at which the place itself serves the bytes for this long, if it can. */
  address?(sha256: string, serving: Serving): Promise<string>
}

/** How bytes are served by their place. */
export interface Serving {
  readonly variant: Variant | undefined
  readonly type: string
  /** The value of `Content-Disposition`. */
  readonly disposition: string
  readonly lasts: Duration
}
