import type { FileKind } from '../../domain/file.ts'

/** Bytes that this process has received and not stored yet, in a temporary file. */
export interface Received {
  readonly path: string
  /** Hexadecimal. */
  readonly sha256: string
  readonly size: number
}

/** What the bytes of a file say of it. */
export interface Examined {
  /** A media type; `application/octet-stream` if it is not a known one. */
  readonly type: string
  readonly kind: FileKind
  /** Pixels as shown, orientation applied. */
  readonly width?: number | undefined
  readonly height?: number | undefined
}

export type Bytes = AsyncIterable<Uint8Array>

/** Temporary files of this process. Holds no file in memory, whatever its size. */
export interface Intake {
  /**
   * Writes bytes to a temporary file. Refuses with `too-large` above `limit`. If the source fails, keeps nothing and rejects; with
   * `keepsPart`, returns what came before it failed.
   */
  receive(bytes: Bytes, options: { readonly limit: number; readonly keepsPart?: boolean }): Promise<Received>
  /** Finds out the type in the bytes, never from a name. */
  examine(received: Received): Promise<Examined>
  /**
   * Takes position, camera and text fields out of a picture of this type without touching its pixels. Returns the same file if there is
   * nothing to take out, a second one otherwise, and undefined if the picture is broken.
   */
  strip(received: Received, type: string): Promise<Received | undefined>
  /** Deletes the temporary file. */
  drop(received: Received): Promise<void>
}
