import type { FileId, Instant, UserId } from './ids.ts'

export type FileKind = 'image' | 'video' | 'audio' | 'file'

/** What clients know of an uploaded file. It never changes, so a message holds it whole. */
export interface File {
  readonly id: FileId
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** The media type that was found in the bytes. */
  readonly type: string
  readonly kind: FileKind
  /** Pixels as shown, orientation applied. */
  readonly width: number | undefined
  readonly height: number | undefined
  /** A tiny picture to show until the file is loaded, in Base64 (evanw/thumbhash). */
  readonly thumbhash: string | undefined
  readonly createdAt: Instant
}

/** A file that may be attached to messages by the user who uploaded it. */
export interface OwnedFile {
  readonly ownerId: UserId
  readonly file: File
}
