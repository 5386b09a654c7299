import type { File } from './file.ts'
import type { FileId, Instant, UserId } from './ids.ts'
import { invalid } from './refusal.ts'
import { CONTROL, KEY_LIMIT, length, requireSound } from './words.ts'

/** Bytes of a file, at most, unless an operator sets another limit. */
export const FILE_LIMIT: number = 104_857_600

export const FILE_NAME_LIMIT = 255

/** A file as it is stored. */
export interface StoredFile extends File {
  readonly ownerId: UserId
  /** Of the bytes that are kept, in hexadecimal. */
  readonly sha256: string
  /** Of the bytes that were sent: tells whether a key brings the same ones again. */
  readonly sentSha256: string
  readonly clientFileId: string | undefined
  readonly hasPreviews: boolean
}

/** A file of which not all bytes may have come yet. Its id becomes the file's. */
export interface Upload {
  readonly id: FileId
  readonly ownerId: UserId
  readonly name: string
  readonly clientFileId: string | undefined
  /** Bytes of the whole file, and those that have come. */
  readonly length: number
  readonly received: number
  /** Names of the stored pieces, in order. */
  readonly pieces: readonly string[]
  readonly expiresAt: Instant
}

/** Returns the last part of a path: 1–255 code points without control characters. */
export function checkedFileName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).trim()
  if (!name.isWellFormed() || CONTROL.test(name)) throw invalid('/name', 'holds neither control characters nor lone surrogates')
  const points = length(name)
  if (points < 1 || points > FILE_NAME_LIMIT || /^\.+$/.test(name))
    throw invalid('/name', `is a file name of 1 to ${FILE_NAME_LIMIT} characters`)
  return name
}

/** Checks the idempotency key of an upload: 1–128 code points without NUL and lone surrogates. */
export function checkedFileKey(key: string): string {
  requireSound(key, '/client_file_id', { from: 1, to: KEY_LIMIT })
  return key
}
